"""The gateway is the only way in: no other host offers SSH to anything else."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import SSH
from policies.openings import READERS, openings
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    def look(rule: Seen) -> Iterator[str]:
        for one in openings(stack, rule):
            if one.role == "gateway" or not one.includes("tcp", SSH):
                continue
            if one.source.role != "gateway":
                yield f"it opens SSH of a {one.role} to {one.source.words}"

    yield from each(stack.of(*READERS), look)


RULE: Final = StackRule(
    id="fleet-jump-host",
    title="SSH to a host that is no gateway comes from a gateway.",
    why="A second way in is one that nobody watches: the gateway's log is where a break-in shows.",
    remedy="reach the host through the gateway of its site",
    severity=Severity.HIGH,
    tags=("exposure", "audit"),
    check=_check,
)
