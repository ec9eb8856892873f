"""A NAT gateway is the default way out of a VPC of this program, without which it is paid for and carries nothing."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import NAT, VPC


def _vpc(entry: Block) -> Iterator[str]:
    if not entry.flag("defaultGateway"):
        yield "it is not the default way out of its VPC"


def _check(stack: Stack) -> Iterator[Finding]:
    def look(gateway: Seen) -> Iterator[str]:
        if gateway.text("type") != "PUBLIC":
            yield "it is not of the type PUBLIC"
        if not stack.linked(gateway, "vpcs", VPC):
            yield "it stands in no VPC of this program"
        yield from gateway.each_block("vpcs", _vpc)

    yield from each(stack.of(NAT), look)


RULE: Final = StackRule(
    id="digitalocean-nat-gateway",
    title="A NAT gateway is the default way out of a VPC of this program.",
    why="Private hosts without a way out get no security updates, and one in a strange VPC lets strangers out as us.",
    remedy='set type to "PUBLIC" and vpcs to the site\'s Vpc with default_gateway=True',
    severity=Severity.MEDIUM,
    tags=("egress",),
    check=_check,
)
