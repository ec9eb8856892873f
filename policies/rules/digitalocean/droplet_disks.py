"""A droplet's disks stay what they are: its own does not grow, and volumes are attached by attachments alone.

`volumeIds` is the full set, so a droplet that has it detaches what attachments attached; a disk that grew with the size
cannot shrink again (terraform-provider-digitalocean, droplet).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET


def _check(droplet: Seen) -> Iterator[str]:
    if droplet.flag("resizeDisk") is not False:
        yield "its own disk grows with its size, and no smaller size is possible from then on"
    if droplet.texts("volumeIds"):
        yield "it lists its volumes itself and would detach those of attachments"


RULE: Final = Rule(
    id="digitalocean-droplet-disks",
    title="A change of size does not touch a droplet's disks.",
    why="A signer whose volume is detached under it stops signing, and one that grew by mistake stays that expensive.",
    remedy="set resize_disk to False, leave volume_ids out and use VolumeAttachment",
    severity=Severity.MEDIUM,
    tags=("durability",),
    types=frozenset({DROPLET}),
    check=_check,
)
