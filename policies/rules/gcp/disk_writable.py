"""A data disk is attached to be written: whose it is, `fleet-one-machine` judges."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import ATTACHMENT

WRITABLE: Final = ("", "READ_WRITE")
"""What is not set is the provider's default, which is the same."""


def _check(attachment: Seen) -> Iterator[str]:
    if attachment.text("mode") not in WRITABLE:
        yield "its host cannot write its state"


RULE: Final = Rule(
    id="gcp-disk-writable",
    title="A data disk is attached to be written.",
    why="A signer that cannot keep its watermark signs a height twice.",
    remedy='set mode to "READ_WRITE", or leave it out',
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({ATTACHMENT}),
    check=_check,
)
