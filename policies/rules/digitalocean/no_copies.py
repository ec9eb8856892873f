"""No disk of a host is copied or made from a copy: a signer with an older state signs the same height a second time."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET, VOLUME

_WORDS: Final = re.compile(r"[a-z][a-z0-9.-]*")
"""A public image goes by words (`debian-13-x64`), a snapshot by a number alone (API reference, image of a droplet)."""


def _check(resource: Seen) -> Iterator[str]:
    if resource.flag("backups"):
        yield "backups are on"
    if resource.block("backupPolicy").values:
        yield "it has a backup policy"
    if resource.text("snapshotId"):
        yield "it is made from a snapshot"
    if resource.type == DROPLET and not _WORDS.fullmatch(resource.text("image")):
        yield "its image is no public one by name, so it may be a snapshot"


RULE: Final = Rule(
    id="digitalocean-no-copies",
    title="Droplets and volumes are neither backed up nor made from a snapshot.",
    why="A signer restored from a copy forgets what it signed, signs it again, and the stake is slashed.",
    remedy="set backups to False, leave backup_policy and snapshot_id out, and name a public image such as debian-13-x64",
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({DROPLET, VOLUME}),
    check=_check,
)
