"""A private host's data disk begins empty and is written by one host: signing state has one copy, and never goes back.

No copy of a disk is made either, by a schedule or before it goes: whoever looks for a way back would take it. A disk
from a snapshot brings the watermark of that day back, and one disk on two hosts gives two signers one watermark: both
sign a height twice.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.roles import is_public
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import DISK, INSTANCE

COPIED: Final = "gives it the data of another"
COPIES: Final = "makes copies of it"
REFUSED: Final = {
    DISK: {
        "image": COPIED,
        "snapshot": COPIED,
        "sourceDisk": COPIED,
        "sourceInstantSnapshot": COPIED,
        "sourceStorageObject": COPIED,
        "asyncPrimaryDisk": COPIED,
        "createSnapshotBeforeDestroy": COPIES,
        "resourcePolicies": COPIES,
    },
    INSTANCE: {
        "bootDisk.source": COPIED,
        "bootDisk.initializeParams.snapshot": COPIED,
        "bootDisk.initializeParams.resourcePolicies": COPIES,
    },
}


def _check(one: Seen) -> Iterator[str]:
    if is_public(one):
        return
    if one.flag("multiWriter") or one.text("accessMode") == "READ_WRITE_MANY":
        yield "several hosts may write it at once"
    refused = REFUSED[one.type]

    def look(path: str) -> Iterator[str]:
        if one.get(path):
            yield f"{path} {refused[path]}"

    yield from patiently(list(refused), look)


RULE: Final = Rule(
    id="gcp-disk-signing-state",
    title="A private host's data disk begins empty, one host alone may write it, and no snapshots are made.",
    why="Signing state that is copied or taken back signs a height twice, and the stake is slashed.",
    remedy="make disks without a source, snapshots, multi_writer and access_mode; a lost signer comes back by its runbook",
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset(REFUSED),
    check=_check,
)
