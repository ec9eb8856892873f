"""The functions of the GCP provider that programs may invoke."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Properties
from simcloud.core.provider import Function
from simcloud.gcp.account import PROJECT_ID, project_number
from simcloud.gcp.images import get_image


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


FUNCTIONS: Mapping[str, Function] = {
    "gcp:compute/getImage:getImage": get_image,
    "gcp:organizations/getProject:getProject": get_project,
}
