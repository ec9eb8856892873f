"""An Elastic IP is never taken from the host that has it; AWS's default is to move it (AssociateAddress)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

ADDRESS: Final = "aws:ec2/eip:Eip"


def _check(resource: Seen) -> Iterator[str]:
    if resource.type == ADDRESS:
        for name in ("instance", "networkInterface"):
            if resource.get(name):
                yield "it associates itself, which takes it from whoever has it"
    elif resource.flag("allowReassociation") is not False:
        yield "it takes an address from whoever has it"


RULE: Final = Rule(
    id="aws-address-taken",
    title="An address is not taken from the host that has it.",
    why="Peers, mesh and operators know a gateway and a sentry by their address: a mix-up cuts a site off.",
    remedy="use ec2.EipAssociation with allow_reassociation=False, and no instance or network_interface on ec2.Eip",
    severity=Severity.MEDIUM,
    tags=("durability",),
    types=frozenset({ADDRESS, "aws:ec2/eipAssociation:EipAssociation"}),
    check=_check,
)
