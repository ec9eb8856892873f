"""Every droplet is under a firewall: without one, DigitalOcean lets everything in and out (cloud firewalls, limits)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, FIREWALL, bound


def _check(stack: Stack) -> Iterator[Finding]:
    def look(droplet: Seen) -> Iterator[str]:
        if not bound(stack.of(FIREWALL), droplet):
            yield "no firewall of this program is bound to its tag, so everything is let in"

    yield from each(stack.of(DROPLET), look)


RULE: Final = StackRule(
    id="digitalocean-droplet-firewalled",
    title="A firewall is bound to the tag of every droplet.",
    why="A droplet under no firewall is open on every port, to the Internet and to its neighbours.",
    remedy="make a Firewall whose tags hold the droplet's tag",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    check=_check,
)
