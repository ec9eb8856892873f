"""Droplets (digitalocean/droplet/resource_droplet.go; see data/digitalocean.json)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.internet import public_address
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import known
from simcloud.digitalocean.account import (
    FIRST_DROPLET,
    OFFERED,
    new_number,
    now,
    refuse_closed_region,
    require,
    unprocessable,
)
from simcloud.digitalocean.common import (
    AUTONAME,
    HOST_NAME,
    DigitalOceanModel,
    lower,
    refuse_name,
    same_but_for_case,
)
from simcloud.digitalocean.firewalls import forget_droplet
from simcloud.digitalocean.networks import choose_private_address, default_vpc
from simcloud.digitalocean.tags import ensure_tags
from simcloud.digitalocean.tokens import DROPLET, SSH_KEY, VOLUME, VPC
from simcloud.digitalocean.volumes import attach, detach, volumes_of
from simcloud.ledger import Record

BACKUP_HOURS = (0, 4, 8, 12, 16, 20)
USER_DATA_BYTES = 64 * 1024
BILLED_HOURS = 672
"""A month costs as much as this many hours (general knowledge of DigitalOcean's price list)."""

OF_THE_SIZE = {"disk", "memory", "priceHourly", "priceMonthly", "vcpus"}


class Droplet(DigitalOceanModel):
    """A droplet with a private address that the cloud chooses. IPv6 and GPUs are not modelled."""

    token = DROPLET
    autoname = AUTONAME
    not_empty = frozenset({"image", "name", "region", "size", "userData", "vpcUuid"})
    unsupported = frozenset({"gpuPartitionMode", "ipv6", "ipv6Address", "privateNetworking"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if "region" not in inputs:
            yield Failure("region", "is not chosen by the simulated cloud as DigitalOcean would: set it")
        if inputs.get("backupPolicy") and inputs.get("backups") is False:
            yield Failure("backupPolicy", "can only be set when backups are enabled: set backups to true")
        if "" in (known(inputs, "sshKeys") or []):
            yield Failure("sshKeys", "must not hold an empty key: give ids or fingerprints")

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored; user data is kept as a hash (util.HashStringStateFunc)."""
        stored = {**inputs, "size": lower(inputs["size"]), "region": lower(inputs["region"])}
        if known(inputs, "userData"):
            stored["userData"] = user_data_hash(inputs["userData"])
        return stored

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Case does not matter in slugs and tags; user data equals its hash."""
        if prop == "userData":
            return isinstance(new, str) and old == user_data_hash(new)
        return prop in ("region", "size", "tags") and same_but_for_case(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; the real provider waits until the droplet is active."""
        region, size = inputs["region"].lower(), inputs["size"].lower()
        self._refuse_quota(call)
        self._refuse(inputs)
        refuse_closed_region(region)
        offered = refuse_size(size, region)
        self._refuse_image(inputs["image"], offered)
        self._refuse_keys(call, inputs.get("sshKeys", []))
        vpc = self._network(call, region, inputs.get("vpcUuid"))
        ensure_tags(call, inputs)
        public = inputs.get("publicNetworking", True)
        address = public_address(call) if public else None
        droplet_id = new_number(call, "droplet", FIRST_DROPLET)
        outputs = {
            **_of_the_size(offered),
            "createdAt": now(call),
            "disk": offered["disk_gib"],
            "dropletUrn": f"do:droplet:{droplet_id}",
            "ipv4Address": address or "",
            "ipv4AddressPrivate": choose_private_address(call, vpc),
            "ipv6Address": "",
            "locked": False,
            "privateNetworking": True,
            "publicNetworking": public,
            "status": "active",
            "vpcUuid": vpc.id,
        }
        # Without a key DigitalOcean makes a root password and mails it to the account's owner.
        hidden = {} if inputs.get("sshKeys") else {"root_password": "mailed"}
        return Created(droplet_id, outputs, hidden, address)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        for volume_id in record.inputs.get("volumeIds", []):
            attach(call, volume_id, record)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; also volumes that an attachment brought, which is why the two are not to be mixed."""
        return {**record.outputs, "volumeIds": [volume.id for volume in volumes_of(call, record.id)]}

    def unknown_after(self, changed: set[str], olds: Mapping[str, Any]) -> set[str]:
        """See Model.unknown_after."""
        return OF_THE_SIZE if "size" in changed else set()

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; another size means off, resized, on again, with the same addresses."""
        self._refuse(inputs)
        ensure_tags(call, inputs)
        if "volumeIds" in inputs:
            self._change_volumes(call, record, inputs["volumeIds"])
        size = inputs["size"].lower()
        if size == record.outputs["size"]:
            return {}
        offered = refuse_size(size, record.outputs["region"])
        disk = record.outputs["disk"]
        if offered["disk_gib"] < disk:
            raise unprocessable(
                f"size {size} has a disk of {offered['disk_gib']} GiB, droplet {record.id} has {disk}",
                f"use a size with at least {disk} GiB: a disk never shrinks",
            )
        return {**_of_the_size(offered), "disk": offered["disk_gib"] if inputs["resizeDisk"] else disk}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; volumes are detached and stay, firewalls and projects forget the droplet."""
        for volume in volumes_of(call, record.id):
            detach(call, volume)
        forget_droplet(call, record.id)
        return True

    def _refuse_quota(self, call: Call) -> None:
        quota = call.quota("droplets", 10)
        if len(call.find(DROPLET)) >= quota:
            raise unprocessable(
                f"creating this/these droplet(s) will exceed your droplet limit ({quota})",
                "delete one, or have the limit raised and `python -m simcloud set quota.droplets N`",
            )

    def _refuse(self, inputs: Properties) -> None:
        """What the API says of values that the provider lets through."""
        refuse_name(inputs["name"], HOST_NAME, "droplet", "letters, digits, dots and dashes")
        if len(inputs.get("userData", "").encode()) > USER_DATA_BYTES:
            raise unprocessable("user data is too long", f"use at most {USER_DATA_BYTES} bytes")
        policy = inputs.get("backupPolicy", {})
        if policy.get("hour", 0) not in BACKUP_HOURS:
            hours = ", ".join(map(str, BACKUP_HOURS))
            raise unprocessable(f"{policy['hour']} is no hour of a backup policy", f"use one of {hours}")

    def _refuse_image(self, image: str, offered: Properties) -> None:
        found = next((one for one in OFFERED["images"] if image in (one["slug"], str(one["id"]))), None)
        if found is None:
            raise unprocessable(
                "You specified an invalid image for Droplet creation",
                f"correct {image!r}, or add the image to simcloud/data/digitalocean-account.json",
            )
        if found["min_disk_gib"] > offered["disk_gib"]:
            raise unprocessable(
                f"image {image} needs a disk of {found['min_disk_gib']} GiB, the size has {offered['disk_gib']}",
                "use a larger size",
            )

    def _refuse_keys(self, call: Call, wanted: list[str]) -> None:
        there = {name for key in call.find(SSH_KEY) for name in (key.id, key.outputs["fingerprint"])}
        missing = sorted(set(wanted) - there)
        if missing:
            raise unprocessable(
                f"{', '.join(missing)} are invalid key identifiers for Droplet creation",
                "give ids or MD5 fingerprints of SSH keys of this account",
            )

    def _network(self, call: Call, region: str, vpc_id: str | None) -> Record:
        if vpc_id is None:
            return default_vpc(call, region)
        vpc = require(call, VPC, vpc_id, "VPC")
        if vpc.outputs["region"] != region:
            raise unprocessable(
                f"VPC {vpc.id} is in {vpc.outputs['region']} and the droplet in {region}", "use one region for both"
            )
        return vpc

    def _change_volumes(self, call: Call, record: Record, wanted: list[str]) -> None:
        for volume_id in wanted:
            attach(call, volume_id, record)
        for volume in volumes_of(call, record.id):
            if volume.id not in wanted:
                detach(call, require(call, VOLUME, volume.id, "volume"))


def refuse_size(size: str, region: str) -> Properties:
    """What a size has; raises the API's answer for one that is not offered in the region."""
    offered = OFFERED["sizes"].get(size)
    if offered is None:
        raise unprocessable(
            f"You specified an invalid size for Droplet creation, {size!r}",
            "correct it, or add the size to simcloud/data/digitalocean-account.json",
        )
    family = size.partition("-")[0]
    if family in OFFERED["families_not_offered"].get(region, []):
        raise unprocessable(
            f"Size is not available in this region, {size} in {region}", "use another size, or another region"
        )
    return offered


def user_data_hash(text: str) -> str:
    """What the state keeps of user data."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _of_the_size(offered: Properties) -> Properties:
    return {
        "memory": offered["memory_mib"],
        "priceHourly": round(offered["monthly_usd"] / BILLED_HOURS, 5),
        "priceMonthly": offered["monthly_usd"],
        "vcpus": offered["vcpus"],
    }
