"""Logs are kept for a year or longer (Checkov CKV_AWS_338), and in the class whose retention is one's own to say.

AWS fixes the retention of the class DELIVERY. What a destroy leaves behind blocks the next log group of that name.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

YEAR: Final = 365


def _check(group: Seen) -> Iterator[str]:
    days = group.number("retentionInDays") or 0
    if 0 < days < YEAR:
        yield f"it forgets after {days:g} days"
    if group.text("logGroupClass") == "DELIVERY":
        yield "AWS decides how long it keeps logs"
    if group.flag("skipDestroy"):
        yield "a destroy leaves it behind, and the next stack of this name fails on it"


RULE: Final = Rule(
    id="aws-log-retention",
    title="A log group keeps its logs for a year at least.",
    why="An intrusion into a validator is found months later, when the first odd signature is.",
    remedy="set retention_in_days to 365 or more, and leave out log_group_class and skip_destroy",
    severity=Severity.MEDIUM,
    tags=("audit", "durability"),
    answers=(
        "CKV_AWS_338",
        "CKV_AWS_66",
    ),
    types=frozenset({"aws:cloudwatch/logGroup:LogGroup"}),
    check=_check,
)
