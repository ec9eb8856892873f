"""Tunnels end at peers that the plan names, each by its own address."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.openings import READERS, openings
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    addresses = {f"{one.public_address}/32" for one in planned(stack).hosts}

    def look(rule: Seen) -> Iterator[str]:
        for one in openings(stack, rule):
            if one.protocol in ("udp", "all") and one.source.range and one.source.range not in addresses:
                yield f"it opens UDP of a {one.role} to {one.source.range}, which is no peer of the mesh"

    yield from each(stack.of(*READERS), look)


RULE: Final = StackRule(
    id="fleet-wireguard-peers",
    title="UDP is open to hosts of the fleet alone.",
    why="WireGuard answers nobody without a key; a port that only peers reach cannot be flooded by others either.",
    remedy="let the flow matrix name the peer (fleet/flows.py): its address comes from the host itself",
    severity=Severity.HIGH,
    tags=("exposure",),
    check=_check,
)
