"""A droplet is in a VPC of this program: without one it lands in the region's default VPC, beside other projects' hosts."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, VPC


def _check(stack: Stack) -> Iterator[Finding]:
    def look(droplet: Seen) -> Iterator[str]:
        if not stack.linked(droplet, "vpcUuid", VPC):
            yield "it is in no VPC of this program; without any it lands in the region's default one"

    yield from each(stack.of(DROPLET), look)


RULE: Final = StackRule(
    id="digitalocean-droplet-vpc",
    title="A droplet is in a VPC that this program makes.",
    why="In a default VPC every other droplet of the account is a neighbour of the signers.",
    remedy="set vpc_uuid to the id of the site's own Vpc",
    severity=Severity.HIGH,
    tags=("exposure",),
    check=_check,
)
