"""Strangers meet a sentry on its p2p port, and nowhere else."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import P2P
from policies.openings import READERS, openings
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    def look(rule: Seen) -> Iterator[str]:
        for one in openings(stack, rule):
            if one.role != "sentry" or not one.source.range or one.protocol == "icmp":
                continue
            if (one.protocol, one.ports) != ("tcp", (P2P, P2P)):
                yield f"it opens a sentry to {one.source.range} beside the p2p port"

    yield from each(stack.of(*READERS), look)


RULE: Final = StackRule(
    id="fleet-sentry-p2p",
    title="A sentry is open to addresses that are not ours on its p2p port only.",
    why="Its RPC, metrics and SSH ports give strangers a way to stop it, and a first step towards the validators.",
    remedy="open ports in the flow matrix alone (fleet/flows.py)",
    severity=Severity.HIGH,
    tags=("exposure",),
    check=_check,
)
