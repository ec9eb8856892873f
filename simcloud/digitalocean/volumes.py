"""Volumes and their attachments (digitalocean/volume/resource_volume*.go; see data/digitalocean.json).

A volume itself knows the droplet it is at (`dropletIds`), as at DigitalOcean: an attachment, or a droplet's `volumeIds`,
only asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import UNKNOWN
from simcloud.digitalocean.account import (
    conflict,
    new_uuid,
    not_importable,
    refuse_closed_region,
    require,
    unprocessable,
)
from simcloud.digitalocean.common import DigitalOceanModel, lower, same_but_for_case
from simcloud.digitalocean.tags import ensure_tags
from simcloud.digitalocean.tokens import DROPLET, VOLUME, VOLUME_ATTACHMENT
from simcloud.ledger import Record

NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
LARGEST_GIB = 16_384
PER_DROPLET = 15
LABEL_LENGTHS = {"ext4": 16, "xfs": 12}
ATTACHMENT_DIGITS = 26
"""How many characters Terraform's SDK appends to an id's prefix (id.PrefixedUniqueId)."""


def volumes_of(call: Call, droplet_id: str) -> list[Record]:
    """The volumes that are at a droplet."""
    return [volume for volume in call.find(VOLUME) if int(droplet_id) in volume.outputs["dropletIds"]]


def attach(call: Call, volume_id: str, droplet: Record) -> None:
    """Attach a volume; one that is there already stays as it is."""
    volume = require(call, VOLUME, volume_id, "volume")
    at = volume.outputs["dropletIds"]
    if at == [int(droplet.id)]:
        return
    if at:
        raise unprocessable(
            f"volume {volume.id} is already attached to droplet {at[0]}",
            "detach it there first; a replacement of the droplet needs delete_before_replace",
        )
    if volume.outputs["region"] != droplet.outputs["region"]:
        raise unprocessable(
            f"volume {volume.id} is in {volume.outputs['region']}, droplet {droplet.id} in {droplet.outputs['region']}",
            "make both in one region",
        )
    if len(volumes_of(call, droplet.id)) >= PER_DROPLET:
        raise unprocessable(f"droplet {droplet.id} has {PER_DROPLET} volumes already", "use fewer, larger ones")
    call.change(volume, outputs={**volume.outputs, "dropletIds": [int(droplet.id)]})


def detach(call: Call, volume: Record) -> None:
    """Detach a volume, and forget the attachments that a program made for it."""
    call.change(volume, outputs={**volume.outputs, "dropletIds": []})
    for attachment in call.find(VOLUME_ATTACHMENT, volumeId=volume.id):
        call.remove(attachment)


class Volume(DigitalOceanModel):
    """A volume. There are no snapshots; the deprecated filesystemType would force a replacement when it is read back."""

    token = VOLUME
    autoname = Autoname(max_length=64, lower_case=True)
    not_empty = frozenset({"description", "initialFilesystemLabel", "name", "region"})
    unsupported = frozenset({"filesystemType", "snapshotId"})

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored."""
        return {**inputs, "region": lower(inputs["region"])}

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """The API knows no upper case in regions, and tags whatever their case."""
        return prop in ("region", "tags") and same_but_for_case(old, new)

    def refuse_plan(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
        """See Model.refuse_plan; CustomizeDiff, so also where the volume would be replaced."""
        if news["size"] is not UNKNOWN and news["size"] < olds.get("size", 0):
            raise CloudError(
                "plan",
                f"volumes `size` can only be expanded and not shrunk, and {olds['size']} GiB is more than {news['size']}",
                "keep the size, or make a new volume under another resource name and copy the data",
            )

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        region = inputs["region"].lower()
        refuse_closed_region(region)
        if not NAME.fullmatch(inputs["name"]):
            raise unprocessable(
                f"volume name {inputs['name']!r} is invalid",
                "use a lower-case letter, then lower-case letters, digits and dashes, 64 in all",
            )
        if call.find(VOLUME, name=inputs["name"], region=region):
            raise conflict(
                f"volume {inputs['name']!r} already exists in {region}",
                "choose a name that the region does not have; a replacement needs delete_before_replace",
            )
        self._refuse_too_much(call, region, inputs["size"])
        label, system = inputs.get("initialFilesystemLabel", ""), inputs.get("initialFilesystemType", "")
        if len(label) > LABEL_LENGTHS.get(system, len(label)):
            raise unprocessable(f"label {label!r} is too long for {system}", f"use {LABEL_LENGTHS[system]} characters")
        ensure_tags(call, inputs)
        volume_id = new_uuid(call)
        outputs = {
            "dropletIds": [],
            "filesystemLabel": label,
            "filesystemType": system,
            "volumeUrn": f"do:volume:{volume_id}",
        }
        return Created(volume_id, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        grown = inputs["size"] - record.outputs["size"]
        if grown < 0:
            raise unprocessable(f"volume {record.id} cannot become smaller", "keep the size, or make a new volume")
        self._refuse_too_much(call, record.outputs["region"], grown, size=inputs["size"], more=0)
        ensure_tags(call, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete."""
        if record.outputs["dropletIds"]:
            raise conflict(
                f"attached volume cannot be deleted: {record.id} is at droplet {record.outputs['dropletIds'][0]}",
                "detach it first, or add the missing dependency to the program",
            )
        return True

    def _refuse_too_much(self, call: Call, region: str, gib: int, *, size: int | None = None, more: int = 1) -> None:
        """Raise if a volume of the size cannot be, or `gib` and `more` volumes go beyond what the account may have."""
        size = gib if size is None else size
        if size > LARGEST_GIB:
            raise unprocessable(f"{size} GiB is too much for a volume", f"use at most {LARGEST_GIB}")
        there = call.find(VOLUME, region=region)
        for used, name, default in (
            (len(there) + more, "volumes", 100),
            (sum(volume.outputs["size"] for volume in there) + gib, "volume-gib", LARGEST_GIB),
        ):
            quota = call.quota(name, default)
            if used > quota:
                raise CloudError(
                    "403",
                    f"volume limit exceeded: {used} of {name} in {region}, the account may have {quota}",
                    f"delete some, or have the limit raised and `python -m simcloud set quota.{name} N`",
                )


class VolumeAttachment(DigitalOceanModel):
    """A volume at a droplet; every change replaces it, and one that exists already is taken as it is."""

    token = VOLUME_ATTACHMENT
    regional = False
    taken_over = True
    not_empty = frozenset({"dropletId", "volumeId"})

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: never, newer versions import DROPLET,VOLUME."""
        raise not_importable(self.token)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        droplet = require(call, DROPLET, str(inputs["dropletId"]), "droplet")
        attach(call, inputs["volumeId"], droplet)
        number = call.transaction.count("digitalocean.attachment")
        return Created(f"{droplet.id}-{inputs['volumeId']}-{number:0{ATTACHMENT_DIGITS}d}")

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete."""
        volume = call.get(VOLUME, record.outputs["volumeId"])
        if volume and volume.outputs["dropletIds"] == [record.outputs["dropletId"]]:
            detach(call, volume)
        return True
