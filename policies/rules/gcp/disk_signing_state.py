"""A private host's data disk begins empty and is written by one host: signing state has one copy, and never goes back.

A disk from a snapshot brings the watermark of that day back, and one disk on two hosts gives two signers one watermark.
Both sign a height twice.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.roles import is_public
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import DISK

SOURCES: Final = (
    "image",
    "snapshot",
    "sourceDisk",
    "sourceInstantSnapshot",
    "sourceStorageObject",
    "asyncPrimaryDisk",
)


def _check(disk: Seen) -> Iterator[str]:
    if is_public(disk):
        return
    if disk.flag("multiWriter") or disk.text("accessMode") == "READ_WRITE_MANY":
        yield "several hosts may write it at once"

    def copied(source: str) -> Iterator[str]:
        if disk.get(source):
            yield f"{source} gives it the data of another"

    yield from patiently(SOURCES, copied)


RULE: Final = Rule(
    id="gcp-disk-signing-state",
    title="A private host's data disk begins empty, and one host alone may write it.",
    why="Signing state that is copied or taken back signs a height twice, and the stake is slashed.",
    remedy="make the disk without a source, multi_writer and access_mode; a lost signer comes back by its runbook",
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({DISK}),
    check=_check,
)
