"""Names that an account shares carry the stack, so that two stacks in one account never take each other's."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.resource_types import NAMED
from policies.rule import Rule, Seen


def _check(resource: Seen) -> Iterator[str]:
    stack = resource.urn.removeprefix("urn:pulumi:").partition("::")[0]
    if not re.search(rf"[^/]-{re.escape(stack)}[-/]", resource.text("name")):
        yield "its name in the account does not carry the stack"


RULE: Final = Rule(
    id="fleet-names",
    title="A name that the whole account shares carries fleet and stack.",
    why="Two stacks with one name meet in one account: the second update fails, or changes what the first one made.",
    remedy="name it by `fleet.naming.physical_name`",
    severity=Severity.MEDIUM,
    tags=("hygiene",),
    types=NAMED,
    check=_check,
)
