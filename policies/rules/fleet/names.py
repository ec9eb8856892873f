"""Names that an account shares carry fleet and stack, so that two in one account never take each other's."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.resource_types import NAMED
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    own = re.compile(rf"(.*/)?{re.escape(f'{plan.fleet}-{plan.stack}')}[-/].+")

    def look(one: Seen) -> Iterator[str]:
        if not own.fullmatch(one.text("name")):
            yield f"its name in the account does not begin with {plan.fleet}-{plan.stack}"

    yield from each(stack.of(*NAMED), look)


RULE: Final = StackRule(
    id="fleet-names",
    title="A name that the whole account shares carries fleet and stack.",
    why="Two stacks with one name meet in one account: the second update fails, or changes what the first one made.",
    remedy="name it by `fleet.naming.physical_name`",
    severity=Severity.MEDIUM,
    tags=("hygiene",),
    check=_check,
)
