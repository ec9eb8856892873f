"""Operators alone knock at a gateway, and only for SSH."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import SSH
from policies.intended import planned
from policies.openings import READERS, openings
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)

    def look(rule: Seen) -> Iterator[str]:
        for one in openings(stack, rule):
            source = one.source.range
            if one.role != "gateway" or not source or one.protocol in ("icmp", "udp"):
                continue
            if one.ports != (SSH, SSH) or one.protocol != "tcp":
                yield f"it opens a gateway to {source} beside SSH"
            elif source not in plan.admin_cidrs:
                yield f"it opens SSH of a gateway to {source}, which is in no admin range"

    yield from each(stack.of(*READERS), look)


RULE: Final = StackRule(
    id="fleet-gateway-ssh",
    title="A gateway takes SSH from the admin ranges, and no other TCP from any range.",
    why="The gateway is the only way to every host: whoever can knock there can try every new flaw of sshd.",
    remedy="name the range in access.admin_cidrs of the stack file, or take it out",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    check=_check,
)
