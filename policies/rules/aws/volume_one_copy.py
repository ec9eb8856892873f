"""A volume begins empty, hangs on one host, and leaves no copy.

A signer that starts from a copy of its disk starts with an old watermark, and two hosts with one disk sign the same
height: both are double signs (horcrux v3.3.2, docs/signing.md, on the sign state).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(volume: Seen) -> Iterator[str]:
    if volume.flag("multiAttachEnabled"):
        yield "several hosts can write to it at once"
    if volume.flag("finalSnapshot"):
        yield "a copy of it is left behind when it is deleted"
    if volume.text("snapshotId"):
        yield "it is made from a copy of another disk"


RULE: Final = Rule(
    id="aws-volume-one-copy",
    title="A data volume begins empty, belongs to one host at a time, and leaves no snapshot.",
    why="A copy of a signer's disk brings back an old watermark, and the signer double signs: the stake is slashed.",
    remedy="leave out snapshot_id, multi_attach_enabled and final_snapshot, and restore by the runbook",
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({"aws:ebs/volume:Volume"}),
    check=_check,
)
