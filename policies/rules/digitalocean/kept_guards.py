"""What stands between a kept droplet and everybody is kept as well: its tag, and a firewall bound to that tag.

Deleting a tag strips it from every droplet of the account and so takes the firewall away from all of them at once.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, FIREWALL, TAG, bound


def _check(stack: Stack) -> Iterator[Finding]:
    tags = {tag.text("name") for tag in stack.of(TAG) if tag.protect}
    firewalls = [one for one in stack.of(FIREWALL) if one.protect]

    def look(droplet: Seen) -> Iterator[str]:
        if not tags.issuperset(droplet.texts("tags")):
            yield "it is protected and its tag is not"
        if not bound(firewalls, droplet):
            yield "it is protected and no firewall bound to its tag is"

    yield from each([one for one in stack.of(DROPLET) if one.protect], look)


RULE: Final = StackRule(
    id="digitalocean-kept-guards",
    title="The tag and a firewall of a protected droplet are protected too.",
    why="A destroy that spares the signers but takes their tag or firewall leaves them open to everybody.",
    remedy="make the group's Tag and its base Firewall with kept_options(keep=True)",
    severity=Severity.HIGH,
    tags=("exposure", "durability"),
    check=_check,
)
