"""Machine images: the catalogue of the simulated account, and getAmi (ec2_ami_data_source.go; see data/aws.json)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from simcloud.aws.account import OFFERED
from simcloud.aws.filters import invalid, matches_any
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Properties


def images(region: str) -> list[Properties]:
    """All images of a region, in the form of getAmi's outputs; an image has another id in every region."""
    return [_image(region, facts) for facts in OFFERED["images"]]


def find_image(region: str, image_id: str) -> Properties:
    """The image of that id."""
    if not re.fullmatch(r"ami-[0-9a-f]{8}([0-9a-f]{9})?", image_id):
        raise CloudError(
            "InvalidAMIID.Malformed", f'Invalid id: "{image_id}"', "give an id such as ami- and 17 hex digits"
        )
    for image in images(region):
        if image["id"] == image_id:
            return image
    raise CloudError(
        "InvalidAMIID.NotFound",
        f"The image id '[{image_id}]' does not exist",
        f"look the image up in {region} with aws.ec2.get_ami, since ids differ from region to region",
    )


def get_ami(call: Call, args: Properties) -> Properties:
    """The one image that the arguments describe, or with mostRecent the newest of them."""
    filters = args.get("filters", [])
    _refuse_unsafe(args, filters)
    found = [
        image
        for image in images(call.region)
        if _owned(image, call.account, args.get("owners", []))
        and all(_matches(image, entry["name"], entry["values"]) for entry in filters)
        and re.search(args.get("nameRegex", ""), image["name"])
    ]
    if not found:
        raise CloudError(
            "NoImageFound",
            "Your query returned no results",
            "change the search, or add the image to simcloud/data/aws-account.json",
        )
    if len(found) > 1 and not args.get("mostRecent"):
        raise CloudError(
            "TooManyImages",
            f"Your query returned {len(found)} results",
            "try a more specific search, or set mostRecent",
        )
    newest = max(found, key=lambda image: image["creationDate"])
    return {"mostRecent": False, "includeDeprecated": False, "region": call.region, **args, **newest}


def _refuse_unsafe(args: Mapping[str, Any], filters: list[Properties]) -> None:
    named = {entry["name"] for entry in filters}
    if args.get("owners") == []:
        raise CloudError("InvalidParameterValue", "owners is empty", "name an owner, or leave owners out")
    safe = args.get("owners") or named & {"image-id", "owner-id"} or args.get("allowUnsafeFilter")
    if args.get("mostRecent") and not safe:
        raise CloudError(
            "UnsafeFilter",
            "most_recent is true without owners and without a filter on image-id or owner-id",
            "name the owners, so that a stranger's newer image cannot be taken",
        )


def _owned(image: Properties, account: str, owners: list[str]) -> bool:
    ours = {account: "self"}.get(image["ownerId"])
    return not owners or bool({image["ownerId"], image["imageOwnerAlias"], ours} & set(owners))


def _matches(image: Properties, name: str, values: list[str]) -> bool:
    keys = {
        "architecture": "architecture",
        "creation-date": "creationDate",
        "description": "description",
        "ena-support": "enaSupport",
        "hypervisor": "hypervisor",
        "image-id": "id",
        "image-type": "imageType",
        "is-public": "public",
        "name": "name",
        "owner-alias": "imageOwnerAlias",
        "owner-id": "ownerId",
        "root-device-name": "rootDeviceName",
        "root-device-type": "rootDeviceType",
        "state": "state",
        "virtualization-type": "virtualizationType",
    }
    if name not in keys:
        raise invalid(name, keys)
    actual = image[keys[name]]
    text = str(actual).lower() if isinstance(actual, bool) else str(actual)
    return matches_any(values, text)


def _image(region: str, facts: Mapping[str, Any]) -> Properties:
    digits = hashlib.sha256(f"{region}/{facts['owner']}/{facts['name']}".encode()).hexdigest()
    image_id, snapshot_id = f"ami-{digits[:17]}", f"snap-{digits[17:34]}"
    disk = {
        "delete_on_termination": "true",
        "encrypted": "false",
        "iops": "0",
        "snapshot_id": snapshot_id,
        "throughput": "0",
        "volume_size": str(facts["root_gib"]),
        "volume_type": "gp3",
    }
    device = {"deviceName": facts["root_device"], "ebs": disk, "noDevice": "", "virtualName": ""}
    return {
        "id": image_id,
        "imageId": image_id,
        "arn": f"arn:aws:ec2:{region}::image/{image_id}",
        "architecture": facts["architecture"],
        "blockDeviceMappings": [device],
        "bootMode": "uefi-preferred" if facts["architecture"] == "x86_64" else "uefi",
        "creationDate": facts["created"],
        "deprecationTime": "",
        "description": facts["description"],
        "enaSupport": True,
        "hypervisor": "xen",
        "imageLocation": f"{facts['owner']}/{facts['name']}",
        "imageOwnerAlias": "",
        "imageType": "machine",
        "imdsSupport": "v2.0",
        "kernelId": "",
        "lastLaunchedTime": "",
        "name": facts["name"],
        "ownerId": facts["owner"],
        "platform": "",
        "platformDetails": "Linux/UNIX",
        "productCodes": [],
        "public": True,
        "ramdiskId": "",
        "rootDeviceName": facts["root_device"],
        "rootDeviceType": "ebs",
        "rootSnapshotId": snapshot_id,
        "sriovNetSupport": "simple",
        "state": "available",
        "stateReason": {"code": "UNSET", "message": "UNSET"},
        "tags": {},
        "tpmSupport": "",
        "uefiData": "",
        "usageOperation": "RunInstances",
        "virtualizationType": "hvm",
    }
