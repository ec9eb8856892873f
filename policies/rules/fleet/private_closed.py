"""Nobody outside the fleet reaches a private host, by any rule of any cloud."""

import ipaddress
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.roles import PUBLIC_ROLES
from policies.intended import planned
from policies.openings import READERS, openings
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    sites = [ipaddress.ip_network(site.cidr) for site in planned(stack).sites if site.cidr]

    def look(rule: Seen) -> Iterator[str]:
        for one in openings(stack, rule):
            if one.role in PUBLIC_ROLES:
                continue
            if one.source.range and not _inside(one.source.range, sites):
                yield f"it opens a {one.role} to {one.source.range}"
            elif one.source.range and one.protocol != "icmp":
                yield f"it opens a {one.role} to all of {one.source.range}, not to a role"
            elif one.source.role == "?":
                yield f"it opens a {one.role} to something that is no role of this fleet"

    yield from each(stack.of(*READERS), look)


def _inside(text: str, sites: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return any(site.version == network.version and network.subnet_of(site) for site in sites)  # pyright: ignore[reportArgumentType]


RULE: Final = StackRule(
    id="fleet-private-closed",
    title="Validators, cosigners and monitors are opened to roles of the fleet alone.",
    why="A stranger who reaches a validator can flood it; one who reaches a cosigner can ask it to sign.",
    remedy="open ports in the flow matrix alone (fleet/flows.py), by role",
    severity=Severity.CRITICAL,
    tags=("exposure", "signing"),
    waivable=False,
    check=_check,
)
