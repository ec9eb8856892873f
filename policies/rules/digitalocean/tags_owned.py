"""Every tag that is named is a resource of this program: DigitalOcean makes unknown tags silently, and nobody owns those.

A firewall rule about such a tag lets in whichever droplet of the account has it or gets it.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block, patiently
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, FIREWALL, TAG, VOLUME, both_ways


def _check(stack: Stack) -> Iterator[Finding]:
    owned = {tag.text("name") for tag in stack.of(TAG)}

    def one(name: str) -> Iterator[str]:
        if name not in owned:
            yield f"tag {name} is no resource of this program"

    def inward(rule: Block) -> Iterator[str]:
        yield from rule.each_text("sourceTags", one)

    def outward(rule: Block) -> Iterator[str]:
        yield from rule.each_text("destinationTags", one)

    def look(resource: Seen) -> Iterator[str]:
        looks = (lambda: resource.each_text("tags", one), lambda: both_ways(resource, inward, outward))
        yield from patiently(looks, lambda part: part())

    yield from each(stack.of(DROPLET, FIREWALL, VOLUME), look)


RULE: Final = StackRule(
    id="digitalocean-tags-owned",
    title="Every tag that a droplet, volume or firewall names is a resource of this program.",
    why="Whoever may tag a droplet of the account with a name that nobody guards is let in where that name is.",
    remedy="name tags by the name output of a Tag of this program",
    severity=Severity.HIGH,
    tags=("exposure",),
    check=_check,
)
