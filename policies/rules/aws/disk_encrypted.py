"""Every disk says that it is encrypted: the account's default can be that it is not.

With which key is told by aws-own-keys, from what the property comes from: its value is unknown in a first preview.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen

INSTANCE: Final = "aws:ec2/instance:Instance"


def _check(resource: Seen) -> Iterator[str]:
    if resource.type == INSTANCE:
        yield from resource.each_block("ebsBlockDevices", _inline)
        yield from _disk(resource.block("rootBlockDevice"))
    else:
        yield from _disk(resource)


def _inline(device: Block) -> Iterator[str]:
    del device
    yield "it has a data disk of its own making, which ends with the instance"


def _disk(disk: Block) -> Iterator[str]:
    if disk.flag("encrypted") is not True:
        yield "its disk is not encrypted"


RULE: Final = Rule(
    id="aws-disk-encrypted",
    title="Root disks and data volumes are encrypted, and data lies on volumes of their own.",
    why="A snapshot or a discarded disk would hold a shard, the watermark and the node key in the clear.",
    remedy=(
        "set encrypted=True on root_block_device and on ebs.Volume, and use ebs.Volume instead of ebs_block_devices"
    ),
    severity=Severity.HIGH,
    tags=("encryption",),
    answers=(
        "CKV_AWS_3",
        "CKV_AWS_8",
        "CKV2_AWS_2",
        "AWS-0008",
        "AWS-0026",
        "AWS-0131",
        "ec2_ebs_volume_encryption",
    ),
    types=frozenset({INSTANCE, "aws:ebs/volume:Volume"}),
    check=_check,
)
