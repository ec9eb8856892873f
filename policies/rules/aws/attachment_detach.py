"""A volume leaves a host that has stopped: a forced detach loses what was not written yet, and leaves a signer running.

The watermark is written on every signature. What a running host had in memory is newer than the disk.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(attachment: Seen) -> Iterator[str]:
    if attachment.flag("stopInstanceBeforeDetaching") is not True:
        yield "its volume is taken from a running host"
    if attachment.flag("forceDetach"):
        yield "its volume is taken away by force, with writes that never arrive"


RULE: Final = Rule(
    id="aws-attachment-detach",
    title="A volume is detached from a stopped host, and never by force.",
    why="A watermark that was not written is a height that is signed twice.",
    remedy="set stop_instance_before_detaching=True and leave out force_detach",
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({"aws:ec2/volumeAttachment:VolumeAttachment"}),
    check=_check,
)
