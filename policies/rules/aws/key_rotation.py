"""A KMS key gets new material every year; what was encrypted before stays readable (KMS developer guide, rotation)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

YEAR: Final = 365


def _check(key: Seen) -> Iterator[str]:
    if key.flag("enableKeyRotation") is not True:
        yield "its material stays the same for ever"
    if (key.number("rotationPeriodInDays") or YEAR) > YEAR:
        yield "its material stays the same for more than a year"


RULE: Final = Rule(
    id="aws-key-rotation",
    title="A KMS key rotates every year.",
    why="One leak of key material would open every disk of the site that was ever made.",
    remedy="set enable_key_rotation=True and rotation_period_in_days to at most 365",
    severity=Severity.MEDIUM,
    tags=("encryption",),
    answers=("CKV_AWS_7", "AWS-0065", "kms_cmk_rotation_enabled"),
    types=frozenset({"aws:kms/key:Key"}),
    check=_check,
)
