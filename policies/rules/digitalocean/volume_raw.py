"""DigitalOcean puts nothing on a volume: the host encrypts it first, and a change of these inputs replaces the volume.

A description is among them (terraform-provider-digitalocean, resourceDigitalOceanVolume: ForceNew).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import VOLUME

REPLACING: Final = ("description", "filesystemType", "initialFilesystemLabel", "initialFilesystemType")


def _check(volume: Seen) -> Iterator[str]:
    for name in REPLACING:
        if volume.text(name):
            yield f"{name} is set"


RULE: Final = Rule(
    id="digitalocean-volume-raw",
    title="A volume has no file system of DigitalOcean's and no description.",
    why="A file system made outside the host is not encrypted, and a new description would replace a signer's data.",
    remedy="leave description, filesystem_type and initial_filesystem_* out; the host formats the volume",
    severity=Severity.HIGH,
    tags=("durability", "encryption"),
    types=frozenset({VOLUME}),
    check=_check,
)
