"""Disks are encrypted with the site's own key, so that revoking it closes every disk at once, snapshots included.

Whether a key is linked is known in every preview; its id is not in the first.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import DISK, INSTANCE, KEY

PLACES: Final = {INSTANCE: "bootDisk", DISK: "diskEncryptionKey"}


def _check(stack: Stack) -> Iterator[Finding]:
    def look(one: Seen) -> Iterator[str]:
        place = PLACES[one.type]
        if "kmsKeySelfLink" not in one.keys(place) or not stack.linked(one, place, KEY):
            yield "its disk is not encrypted with a key of this stack"
        if one.get("scratchDisks"):
            yield "its scratch disks take no key, and lose their data when it stops"

    yield from each(stack.of(*PLACES), look)


RULE: Final = StackRule(
    id="gcp-disk-key",
    title="Root and data disks are encrypted with the site's own KMS key.",
    why="With Google's keys nobody can close a disk, or a copy of it, that holds a key shard.",
    remedy="set kms_key_self_link of boot_disk, or of disk_encryption_key, to the site's key; use no scratch_disks",
    severity=Severity.HIGH,
    tags=("encryption",),
    answers=("CKV_GCP_37", "CKV_GCP_38", "GCP-0033", "GCP-0034"),
    check=_check,
)
