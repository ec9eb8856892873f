"""No key of a disk passes through Pulumi: what is an input is in the state, and in whatever prints it."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block, patiently
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import DISK, INSTANCE

SOURCES: Final = ("sourceImageEncryptionKey", "sourceSnapshotEncryptionKey")
PLACES: Final = {
    INSTANCE: ("bootDisk", "attachedDisks", *(f"bootDisk.initializeParams.{one}" for one in SOURCES)),
    DISK: ("diskEncryptionKey", *SOURCES),
}
RAW: Final = (
    "diskEncryptionKeyRaw",
    "diskEncryptionKeyRsa",
    "rawKey",
    "rawKeyWo",
    "rsaEncryptedKey",
    "rsaEncryptedKeyWo",
)


def _keys(holder: Block) -> Iterator[str]:
    def key(name: str) -> Iterator[str]:
        if holder.get(name):
            yield f"{name} gives a disk's key itself"

    yield from patiently(RAW, key)


def _check(resource: Seen) -> Iterator[str]:
    yield from patiently(PLACES[resource.type], lambda place: resource.each_block(place, _keys))


RULE: Final = Rule(
    id="gcp-disk-raw-keys",
    title="No disk's key is given as such, raw or wrapped.",
    why="Who reads the state or a log could read every disk, a cosigner's among them.",
    remedy="use kms_key_self_link, and take the raw or RSA-wrapped key out",
    severity=Severity.CRITICAL,
    tags=("secrets", "encryption"),
    waivable=False,
    answers=("GCP-0037",),
    types=frozenset(PLACES),
    check=_check,
)
