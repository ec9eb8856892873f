"""Persistent disks and their attachments (google-beta/services/compute/resource_compute_{,attached_}disk.go; see gcp.json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Decision, Properties, Question
from simcloud.core.values import UNKNOWN, known
from simcloud.gcp.account import (
    OFFERED,
    base_name,
    fingerprint_of,
    invalid,
    link_of,
    new_number,
    now,
    place_of_path,
    project_of_path,
    region_of_zone,
    require,
)
from simcloud.gcp.common import GcpModel, Scope, chosen, same_link
from simcloud.gcp.images import image_link, resolve, same_image
from simcloud.gcp.kms import refuse_unusable_key
from simcloud.gcp.tokens import ATTACHED_DISK, DISK, INSTANCE
from simcloud.ledger import Record

HYPERDISK = "hyperdisk"
READ_WRITE = "READ_WRITE"
BLOCK_SIZES = (4096, 16384)


def disk_size(kind: str, size: int | None, image: Properties | None) -> int:
    """The size of a new disk in GB, or the refusal of one that its type or its image does not allow."""
    facts = OFFERED["disk_types"].get(kind)
    if facts is None:
        raise invalid("type", kind, "There is no such disk type.", f"use one of {', '.join(OFFERED['disk_types'])}")
    least = image["gb"] if image else 0
    chosen_size = size or least or facts["default_gb"]
    if chosen_size < least:
        raise invalid("sizeGb", chosen_size, f"It is smaller than the image's {least} GB.", f"use {least} GB or more")
    if not facts["min_gb"] <= chosen_size <= facts["max_gb"]:
        raise invalid("sizeGb", chosen_size, f"It is not for {kind}.", f"use {facts['min_gb']} to {facts['max_gb']} GB")
    return chosen_size


def refuse_shrinking(what: str, old: int, new: int) -> None:
    """Raise if a disk would become smaller in place."""
    if new < old:
        raise invalid("sizeGb", new, f"{what} has {old} GB, and a disk only grows.", f"use {old} GB or more")


def attachments(call: Call, disk: Record) -> list[Record]:
    """The attachments of a disk."""
    return call.find(ATTACHED_DISK, disk=disk.outputs["selfLink"])


def shrinks(question: Question) -> bool:
    """Whether a changed size replaces the disk."""
    old, new = question.change.old, question.change.new
    return new is UNKNOWN or (isinstance(new, int) and isinstance(old, int) and new < old)


class Disk(GcpModel):
    """A zonal disk, empty or from an image. Snapshots and copies are not modelled."""

    token = DISK
    collection = "disks"
    scope: ClassVar[Scope] = "zones"
    by_last_segment = frozenset({"type", "zone"})
    autoname = Autoname(63)
    unsupported = frozenset(
        {
            "accessMode",
            "asyncPrimaryDisk",
            "createSnapshotBeforeDestroy",
            "createSnapshotBeforeDestroyPrefix",
            "diskEncryptionKey.kmsKeyServiceAccount",
            "diskEncryptionKey.rawKey",
            "diskEncryptionKey.rawKeyWo",
            "diskEncryptionKey.rawKeyWoVersion",
            "diskEncryptionKey.rsaEncryptedKey",
            "diskEncryptionKey.rsaEncryptedKeyWo",
            "diskEncryptionKey.rsaEncryptedKeyWoVersion",
            "enableConfidentialCompute",
            "eraseWindowsVssSignature",
            "guestOsFeatures",
            "licenses",
            "multiWriter",
            "params",
            "resourcePolicies",
            "snapshot",
            "sourceDisk",
            "sourceImageEncryptionKey",
            "sourceInstantSnapshot",
            "sourceSnapshotEncryptionKey",
            "sourceStorageObject",
            "storagePool",
        }
    )
    decisions: ClassVar[Mapping[str, Decision]] = {
        "provisionedIops": lambda asked: HYPERDISK not in str(asked.news.get("type", "")),
        "size": shrinks,
    }

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if known(inputs, "physicalBlockSizeBytes") not in (None, *BLOCK_SIZES):
            yield Failure("physicalBlockSizeBytes", "is not 4096 or 16384: use one of them")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Spellings of one image and of one key are equal; `interface` has no effect, and changes of it none either."""
        if prop == "image":
            return same_image(old, new)
        if prop == "diskEncryptionKey.kmsKeySelfLink":
            return same_key(old, new)
        return prop == "interface" or super().same(prop, old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        project, zone = inputs["project"], base_name(inputs["zone"])
        image = resolve(project, inputs["image"]) if inputs.get("image") else None
        size = disk_size(base_name(inputs["type"]), inputs.get("size"), image)
        key = (inputs.get("diskEncryptionKey") or {}).get("kmsKeySelfLink")
        if key:
            refuse_unusable_key(call, key, project, region_of_zone(zone))
        outputs = {
            **self.described(call, path),
            **disk_outputs(call, size, image, inputs["effectiveLabels"]),
            **chosen(inputs, accessMode="", physicalBlockSizeBytes=4096),
            "size": size,
            "type": base_name(inputs["type"]),
            "zone": zone,
        }
        if image:
            outputs["image"] = image_link(image)
        return Created(path, outputs)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read."""
        attached = {attachment.outputs["instance"] for attachment in attachments(call, record)}
        return {**record.outputs, "users": sorted(attached)}

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; it grows."""
        size = inputs.get("size") or record.outputs["size"]
        refuse_shrinking(record.id, record.outputs["size"], size)
        return {
            "labelFingerprint": fingerprint_of(inputs["effectiveLabels"]),
            "size": disk_size(record.outputs["type"], size, None),
        }

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; the provider detaches it first, whatever instance has it."""
        for attachment in attachments(call, record):
            call.remove(attachment)
        return True


def disk_outputs(call: Call, size: int, image: Properties | None, labels: Any) -> Properties:
    """What GCP says of a new disk besides."""
    return {
        "diskId": str(new_number(call)),
        "labelFingerprint": fingerprint_of(labels),
        "lastAttachTimestamp": "",
        "lastDetachTimestamp": "",
        "size": size,
        "sourceDiskId": "",
        "sourceImageId": image["name"] if image else "",
        "sourceInstantSnapshotId": "",
        "sourceSnapshotId": "",
        "users": [],
    }


def same_key(old: Any, new: Any) -> bool:
    """Whether two references are to one key, whatever the version (Disk, diskEncryptionKey)."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    return same_link(old.partition("/cryptoKeyVersions/")[0], new.partition("/cryptoKeyVersions/")[0])


class AttachedDisk(GcpModel):
    """A disk at an instance of its zone, under a device name."""

    token = ATTACHED_DISK
    scope: ClassVar[Scope] = "zones"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {
        "disk": ("disks", "zones"),
        "instance": ("instances", "zones"),
    }

    def location(self, inputs: Mapping[str, Any], default: Mapping[str, str]) -> str:
        """See GcpModel.location; the instance's link says it, else the zone given or the provider's."""
        instance = inputs.get("instance")
        found = place_of_path(instance) if isinstance(instance, str) else ""
        return found or super().location(inputs, default)

    def completed(self, inputs: Properties, defaults: Mapping[str, str]) -> Properties:
        """See GcpModel.completed."""
        instance = inputs.get("instance")
        if not isinstance(instance, str) or "/" not in instance:
            return {}
        found = {"project": project_of_path(instance), "zone": place_of_path(instance)}
        return {name: value for name, value in found.items() if value}

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        instance = require(call, INSTANCE, self.reference(inputs, inputs["instance"], "instance"))
        disk = require(call, DISK, self.reference(inputs, inputs["disk"], "disk"))
        if disk.region != instance.region:
            raise invalid("disk", disk.id, f"It is not in {instance.region}.", "attach disks of the instance's zone")
        others = call.find(ATTACHED_DISK, instance=instance.outputs["selfLink"])
        device = inputs.get("deviceName") or f"persistent-disk-{len(others) + 1}"
        self._refuse(call, instance, disk, inputs, device)
        call.change(disk, outputs={**disk.outputs, "lastAttachTimestamp": now(call)})
        return Created(f"{instance.id}/{base_name(disk.id)}", {"deviceName": device})

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release."""
        for disk in call.find(DISK, selfLink=record.outputs["disk"]):
            call.change(disk, outputs={**disk.outputs, "lastDetachTimestamp": now(call)})
        return True

    def _refuse(self, call: Call, instance: Record, disk: Record, inputs: Properties, device: str) -> None:
        if disk.owner is not None:
            raise _taken(disk, f"{base_name(disk.id)}, whose boot disk it is")
        for other in attachments(call, disk):
            if other.outputs["instance"] == instance.outputs["selfLink"] or READ_WRITE in (
                other.outputs["mode"],
                inputs["mode"],
            ):
                raise _taken(disk, other.outputs["instance"])
        boot = instance.outputs["bootDisk"]["deviceName"]
        names = [other.outputs["deviceName"] for other in call.find(ATTACHED_DISK, instance=link_of(instance.id))]
        if device in [boot, *names]:
            raise invalid("deviceName", device, f"{instance.id} has it already.", "give each disk a name of its own")


def _taken(disk: Record, by: str) -> CloudError:
    return CloudError(
        "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
        f"The disk resource '{disk.id}' is already being used by '{by}'",
        "detach it there first; only READ_ONLY disks are at several instances",
    )
