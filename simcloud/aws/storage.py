"""EBS volumes and their attachments (internal/service/ec2/ebs_volume*.go; see data/aws.json)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from simcloud.aws.account import arn, import_form, in_use, new_id, now, require, zones
from simcloud.aws.common import AwsModel
from simcloud.aws.kms import refuse_unusable_key
from simcloud.aws.tokens import INSTANCE, VOLUME, VOLUME_ATTACHMENT
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import UNKNOWN, known
from simcloud.ledger import Record

SIZES = {
    "gp2": (1, 16384),
    "gp3": (1, 65536),
    "io1": (4, 16384),
    "io2": (4, 65536),
    "st1": (125, 16384),
    "sc1": (125, 16384),
    "standard": (1, 1024),
}
"""GiB (aws.json, Volume, checks)."""

PROVISIONED = {"io1", "io2"}
GP3_IOPS, GP3_THROUGHPUT = 3000, 125


def default_iops(kind: str, size: int) -> int:
    """The operations per second of a volume for which none were given (EBS user guide, volume types)."""
    if kind == "gp2":
        return min(max(100, 3 * size), 16000)
    return GP3_IOPS if kind == "gp3" else 0


def refuse_size(kind: str, size: int) -> None:
    """Raise unless a volume of the kind can have the size."""
    smallest, largest = SIZES[kind]
    if not smallest <= size <= largest:
        raise CloudError(
            "InvalidParameterValue",
            f"Volume of {size}GiB is not a valid size for {kind}",
            f"use {smallest} to {largest} GiB",
        )


def refuse_shrinking(what: str, old: int, new: int) -> None:
    """Raise if a volume would become smaller."""
    if new < old:
        raise CloudError(
            "InvalidParameterValue",
            f"New size cannot be smaller than existing size {old} of {what}",
            "let it grow, or make a new volume and copy the data",
        )


class Volume(AwsModel):
    """A volume. There are no snapshots, and none is taken at the end."""

    token = VOLUME
    unsupported = frozenset({"finalSnapshot", "outpostArn", "volumeInitializationRate"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        kind = inputs.get("type", "gp2")
        if kind is UNKNOWN:
            return
        if kind in PROVISIONED and "iops" not in inputs:
            yield Failure("iops", f"is needed with type {kind}: set it")
        if "iops" in inputs and kind not in PROVISIONED | {"gp3"}:
            yield Failure("iops", f"must not be set with type {kind}: remove it, or use gp3, io1 or io2")
        if "throughput" in inputs and kind != "gp3":
            yield Failure("throughput", f"must not be set with type {kind}: remove it, or use gp3")
        if inputs.get("multiAttachEnabled") is True and kind not in PROVISIONED:
            yield Failure("multiAttachEnabled", f"must not be set with type {kind}: use io1 or io2")
        key = known(inputs, "kmsKeyId")
        if key is not None and not key.startswith("arn:"):
            yield Failure("kmsKeyId", f"{key!r} is not an ARN: give the key's ARN, not its id")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        if inputs["availabilityZone"] not in zones(call.region):
            raise CloudError(
                "InvalidZone.NotFound",
                f"The zone '{inputs['availabilityZone']}' does not exist",
                f"use one of {', '.join(zones(call.region))}",
            )
        if inputs.get("snapshotId"):
            raise CloudError(
                "InvalidSnapshot.NotFound", f"The snapshot '{inputs['snapshotId']}' does not exist", "give size alone"
            )
        kind = inputs.get("type", "gp2")
        refuse_size(kind, inputs["size"])
        if inputs.get("kmsKeyId"):
            if not inputs.get("encrypted"):
                raise CloudError(
                    "InvalidParameterDependency",
                    "The parameter KmsKeyId requires the parameter Encrypted to be set",
                    "set encrypted to true",
                )
            refuse_unusable_key(call, inputs["kmsKeyId"], "InvalidKmsKeyId")
        volume_id = new_id(call, "vol")
        outputs = {
            "arn": arn(call, "ec2", f"volume/{volume_id}"),
            "createTime": now(call),
            "iops": inputs.get("iops") or default_iops(kind, inputs["size"]),
            "throughput": inputs.get("throughput") or (GP3_THROUGHPUT if kind == "gp3" else 0),
            "type": kind,
        }
        return Created(volume_id, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; ModifyVolume."""
        kind = inputs.get("type", record.outputs["type"])
        size = inputs.get("size", record.outputs["size"])
        refuse_size(kind, size)
        refuse_shrinking(record.id, record.outputs["size"], size)
        if "iops" in inputs or (kind, size) == (record.outputs["type"], record.outputs["size"]):
            return {}
        return {"iops": default_iops(kind, size)}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete."""
        attachments = call.find(VOLUME_ATTACHMENT, volumeId=record.id)
        if attachments:
            raise in_use("VolumeInUse", f"Volume {record.id}", attachments)
        return True


class VolumeAttachment(AwsModel):
    """A volume at an instance under a device name."""

    token = VOLUME_ATTACHMENT

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; one that exists already with the same three is taken as it is."""
        code = zlib.crc32(f"{inputs['deviceName']}-{inputs['instanceId']}-{inputs['volumeId']}-".encode())
        attachment_id = f"vai-{code}"
        existing = call.get(VOLUME_ATTACHMENT, attachment_id)
        if existing:
            call.remove(existing)
            return Created(attachment_id)
        instance = require(call, INSTANCE, inputs["instanceId"], "InvalidInstanceID.NotFound", "instance ID")
        volume = require(call, VOLUME, inputs["volumeId"], "InvalidVolume.NotFound", "volume")
        self._refuse(call, instance, volume, inputs["deviceName"])
        return Created(attachment_id)

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; with skipDestroy the volume stays attached."""
        return not record.outputs.get("skipDestroy")

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: DEVICE:VOLUME:INSTANCE."""
        parts = id.split(":")
        if len(parts) != 3 or not all(parts):
            raise import_form(id, "DEVICE_NAME:VOLUME_ID:INSTANCE_ID", "/dev/sdf:vol-1:i-1")
        device, volume, instance = parts
        there = call.find(VOLUME_ATTACHMENT, deviceName=device, volumeId=volume, instanceId=instance)
        return there[0].id if there else None

    def _refuse(self, call: Call, instance: Record, volume: Record, device: str) -> None:
        zone = instance.outputs["availabilityZone"]
        if volume.outputs["availabilityZone"] != zone:
            raise CloudError(
                "InvalidVolume.ZoneMismatch",
                f"The volume '{volume.id}' is not in the same availability zone as instance '{instance.id}'",
                f"make the volume in {zone}",
            )
        elsewhere = call.find(VOLUME_ATTACHMENT, volumeId=volume.id)
        if elsewhere and not volume.outputs.get("multiAttachEnabled"):
            raise CloudError(
                "VolumeInUse",
                f"{volume.id} is already attached to {elsewhere[0].outputs['instanceId']}",
                "detach it there first; a replacement of the instance needs delete_before_replace",
            )
        here = call.find(VOLUME_ATTACHMENT, instanceId=instance.id)
        taken = {other.outputs["deviceName"] for other in here} | {instance.outputs["rootBlockDevice"]["deviceName"]}
        if device in taken:
            raise CloudError(
                "InvalidParameterValue",
                f"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use",
                "choose a device name that the instance does not have, such as /dev/sdf",
            )
