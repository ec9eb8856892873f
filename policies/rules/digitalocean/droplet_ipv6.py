"""Droplets have no IPv6: no firewall rule, relay or host ruleset of this program speaks of it."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET


def _check(droplet: Seen) -> Iterator[str]:
    if droplet.flag("ipv6"):
        yield "IPv6 is on"
    if droplet.text("ipv6Address"):
        yield "it asks for an IPv6 address"


RULE: Final = Rule(
    id="digitalocean-droplet-ipv6",
    title="IPv6 is off.",
    why="An address that no rule was written for is a second way in, which nobody looks at.",
    remedy="set ipv6 to False and leave ipv6_address out",
    severity=Severity.HIGH,
    tags=("exposure",),
    types=frozenset({DROPLET}),
    check=_check,
)
