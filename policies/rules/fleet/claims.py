"""What `make prove` decides over the program, decided over what this update registers."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.proofs.intended import intent
from fleet.proofs.report import prove
from policies.intended import planned
from policies.rule import Finding, Stack, StackRule
from policies.world import world

OF_THE_PROGRAM: Final = "addresses"
"""The claim that no rule depends on which addresses a provider chooses: once they are chosen, neighbours read as one
range, so only `ops.prove` decides it, over addresses that are never neighbours."""


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    seen, addresses = world(stack, plan)
    report = prove(seen, plan, intent(plan), addresses, resources=len(stack.resources))
    for verdict in report.verdicts:
        if verdict.claim != OF_THE_PROGRAM and verdict.failures:
            first, *others = verdict.failures
            more = f"; {len(others)} more" if others else ""
            yield Finding("", f"claim {verdict.claim} ({verdict.says}) fails: {first}{more}")


RULE: Final = StackRule(
    id="fleet-claims",
    title="The claims about reach and placement hold over what is registered.",
    why="They say who can send what to whom, over all clouds and layers at once; no single rule does.",
    remedy="see `make prove STACK=...` for the packet and the rules that it passes",
    severity=Severity.CRITICAL,
    tags=("exposure", "egress", "signing"),
    waivable=False,
    check=_check,
)
