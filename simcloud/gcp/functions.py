"""The functions of the GCP provider that programs may invoke."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.model import Call, Properties
from simcloud.core.provider import Function
from simcloud.gcp.account import PROJECT_ID, project_number
from simcloud.gcp.images import get_image
from simcloud.gcp.tokens import DISK, KEY_RING

DISK_ASSET = "compute.googleapis.com/Disk"
PAGE = 100
"""Rings that one answer of the API holds; general knowledge, not verified."""


def get_project(call: Call, args: Properties) -> Properties:
    """A project: every id that can be one exists (outputs from the SDK, organizations/get_project.py)."""
    project = args.get("projectId") or call.account
    if not PROJECT_ID.match(project):
        raise CloudError(
            "forbidden", f"Project {project} does not exist, or may not be seen", "name a project id, not a number"
        )
    return {
        "autoCreateNetwork": False,
        "billingAccount": "",
        "deletionPolicy": "PREVENT",
        "effectiveLabels": {},
        "folderId": "",
        "id": f"projects/{project}",
        "labels": {},
        "name": project,
        "number": project_number(project),
        "orgId": "",
        "projectId": project,
        "pulumiLabels": {},
        "tags": {},
    }


def get_key_rings(call: Call, args: Properties) -> Properties:
    """The key rings of a location, one page of them, by a part of the name or by all of it."""
    project, location = args.get("project") or call.account, args["location"]
    parent = f"projects/{project}/locations/{location}/keyRings"
    rings = [ring.id for ring in call.transaction.records(call.provider, None, KEY_RING)]
    found = [ring for ring in rings if ring.rpartition("/")[0] == parent and _passes(ring, args.get("filter", ""))]
    named = [{"id": ring, "name": ring.rpartition("/")[2]} for ring in found[:PAGE]]
    return {**args, "id": parent, "project": project, "keyRings": named}


def search_all_resources(call: Call, args: Properties) -> Properties:
    """The disks of a project, with their keys. The real search knows every kind of asset and lags behind by minutes."""
    scope, kinds = args["scope"], args.get("assetTypes") or []
    if args.get("query") or kinds != [DISK_ASSET] or not scope.startswith("projects/"):
        raise SimcloudError(
            f"getSearchAllResources is simulated for assetTypes [{DISK_ASSET}] of projects/<id>, without a query: ask so"
        )
    disks = [one for one in call.transaction.records(call.provider, None, DISK) if one.id.startswith(f"{scope}/")]
    results = [
        {
            "assetType": DISK_ASSET,
            "displayName": one.outputs["name"],
            "kmsKeys": [key] if (key := (one.outputs.get("diskEncryptionKey") or {}).get("kmsKeySelfLink")) else [],
            "labels": one.outputs.get("labels") or {},
            "location": one.outputs["zone"],
            "name": f"//compute.googleapis.com/{one.id}",
            "project": f"projects/{project_number(scope.partition('/')[2])}",
        }
        for one in disks
    ]
    return {**args, "id": scope, "results": results}


def _passes(ring: str, wanted: str) -> bool:
    kind = wanted[:5]
    if wanted and kind not in ("name:", "name="):
        raise SimcloudError(f"the filter {wanted!r} of getKeyRings is not simulated: use name:PART or name=PATH")
    value = wanted[5:].strip('"')
    return not wanted or (ring == value if kind == "name=" else value in ring)


FUNCTIONS: Mapping[str, Function] = {
    "gcp:cloudasset/getSearchAllResources:getSearchAllResources": search_all_resources,
    "gcp:compute/getImage:getImage": get_image,
    "gcp:kms/getKeyRings:getKeyRings": get_key_rings,
    "gcp:organizations/getProject:getProject": get_project,
}
