"""Only a gateway, a sentry and a NAT gateway have an address that the Internet can dial."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_public, role
from policies.rule import Rule, Seen

EIP: Final = "aws:ec2/eip:Eip"
ASSOCIATION: Final = "aws:ec2/eipAssociation:EipAssociation"
ADDRESS: Final = "gcp:compute/address:Address"
NAT: Final = "-nat"
"""How the logical name of a NAT gateway's address ends: it belongs to no host."""


def _check(address: Seen) -> Iterator[str]:
    if address.type == ADDRESS and address.text("addressType") == "INTERNAL":
        return
    if not is_public(address) and not (role(address) is None and address.name.endswith(NAT)):
        yield "it is a public address, and belongs to no gateway, sentry or NAT gateway"


RULE: Final = Rule(
    id="fleet-public-addresses",
    title="A public address belongs to a gateway, a sentry or a NAT gateway.",
    why="A validator, cosigner or monitor with a public address can be flooded, scanned and attacked by anybody.",
    remedy="give private hosts no address: they are reached through the gateway of their site",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    types=frozenset({EIP, ASSOCIATION, ADDRESS}),
    check=_check,
)
