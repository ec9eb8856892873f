"""What every simulated project has by itself: regions, zones, numbers, links, a clock; and GCP's common refusals.

A project id is an account: whichever id a provider is configured with, or a resource names, exists in the ledger.
Forms of ids and links: simcloud/data/gcp.json, each type's `note`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from typing import Any

from simcloud.core.errors import CloudError
from simcloud.core.model import Call
from simcloud.core.schema import DATA
from simcloud.ledger import Record

OFFERED: dict[str, Any] = json.loads((DATA / "gcp-account.json").read_text(encoding="utf-8"))
REGIONS = frozenset(OFFERED["zones"])
ZONES = frozenset(f"{region}-{letter}" for region, letters in OFFERED["zones"].items() for letter in letters)
KMS_LOCATIONS = REGIONS | set(OFFERED["kms_multi_regions"])

PROJECT_ID = re.compile(r"^[a-z][-a-z0-9]{4,28}[a-z0-9]$")
"""6 to 30 characters; general knowledge. Project ids of a domain (`example.com:name`) are not simulated."""

COMPUTE = "https://www.googleapis.com/compute/v1/"
PLACE_IN_PATH = re.compile(r"(?:^|/)(?:zones|regions|locations)/([^/]+)")
EPOCH = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

FIRST_NUMBER = 10**18
"""GCP's own ids of resources are 64-bit numbers of 19 digits or so."""


class GlobalCall(Call):
    """A call that sees all projects and places: GCP's ids say where each thing is, and many names are global."""

    def find(self, type: str, **outputs: str | int | None) -> list[Record]:  # noqa: A002
        """The records of a type, wherever they are, whose outputs have these values."""
        return self.transaction.records(self.provider, None, type, outputs=outputs)

    def get(self, type: str, id: str) -> Record | None:  # noqa: A002
        """The record of a type and id, wherever it is."""
        return next(iter(self.find(type, id=id)), None)


def project_number(project: str) -> str:
    """The number of a project, always the same for an id: 12 digits."""
    digits = int(hashlib.sha256(f"project/{project}".encode()).hexdigest(), 16)
    return str(10**11 + digits % (9 * 10**11))


def projects(call: Call) -> set[str]:
    """The projects that something in the ledger is in, and the provider's own."""
    named = {record.outputs.get("project") for record in call.transaction.records(call.provider)}
    return {call.account} | {project for project in named if project}


def new_number(call: Call) -> int:
    """A resource's own number, counted so that a new ledger gives the same ones again."""
    return FIRST_NUMBER + call.transaction.count("gcp-number")


def fingerprint(call: Call) -> str:
    """What GCP changes with every change of a resource or a policy."""
    return f"{call.transaction.count('gcp-fingerprint'):011x}="


def fingerprint_of(value: object) -> str:
    """What GCP changes with every change of labels, metadata or tags."""
    return f"{hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:11]}="


def now(call: Call) -> str:
    """The project's time, one second later at every call: simulated, so that a run can be repeated."""
    passed = datetime.timedelta(seconds=call.transaction.count("clock"))
    return (EPOCH + passed).strftime("%Y-%m-%dT%H:%M:%S.000-00:00")


def base_name(link: str) -> str:
    """The last segment of a link, an id or a name."""
    return link.rpartition("/")[2]


def region_of_zone(zone: str) -> str:
    """The region that a zone is in."""
    return zone.rpartition("-")[0]


def place_of_path(path: str) -> str:
    """The zone, region or location in an id or a link; empty for what is global or bare."""
    found = PLACE_IN_PATH.search(path)
    return found[1] if found else ""


def project_of_path(path: str) -> str:
    """The project in an id or a link; empty in a bare name."""
    return path.partition("projects/")[2].partition("/")[0]


def path_of(link: str, project: str, place: str, collection: str) -> str:
    """The id `projects/...` that a self link, a shorter path or a bare name stands for; `place` as in `zones/z`."""
    if "projects/" in link:
        return f"projects/{link.partition('projects/')[2]}"
    if "/" in link:
        return f"projects/{project}/{link.lstrip('/')}"
    return f"projects/{project}/{place}/{collection}/{link}"


def link_of(path: str) -> str:
    """The self link of a resource of Compute Engine."""
    return f"{COMPUTE}{path}"


def require(call: Call, type: str, path: str) -> Record:  # noqa: A002
    """The record that an id refers to, or the answer that it does not exist."""
    record = call.get(type, path)
    if record is None:
        raise CloudError(
            "notFound",
            f"The resource '{path}' was not found",
            "give the name or link of one that exists, or `pulumi refresh` if it was deleted",
        )
    return record


def refuse_taken(call: Call, type: str, path: str) -> None:  # noqa: A002
    """Raise if a resource of the type has the id already."""
    if call.get(type, path):
        raise CloudError(
            "alreadyExists",
            f"The resource '{path}' already exists",
            f"choose another name, or `pulumi import {type} NAME {path}`; a replacement with a fixed name needs "
            "delete_before_replace",
        )


def in_use(path: str, users: list[str]) -> CloudError:
    """The refusal to delete what others still use; the real provider does not try again."""
    return CloudError(
        "resourceInUseByAnotherResource",
        f"The resource '{path}' is already being used by {', '.join(sorted(users)[:5])}",
        "delete what uses it first, or add the missing dependency to the program",
    )


def invalid(field: str, value: object, why: str, remedy: str) -> CloudError:
    """The answer to a value that the API cannot take."""
    return CloudError("invalid", f"Invalid value for field 'resource.{field}': '{value}'. {why}", remedy)


def refuse_over_quota(call: Call, name: str, default: int, used: int, where: str) -> None:
    """Raise if one more would be more than a quota allows."""
    quota = call.quota(name, default)
    if used >= quota:
        raise CloudError(
            "quotaExceeded",
            f"Quota '{name.upper().replace('-', '_')}' exceeded. Limit: {quota} {where}",
            f"delete one, or raise the quota and `python -m simcloud set quota.{name} N`",
        )


def require_region(region: str) -> None:
    """Raise unless the region exists."""
    if region not in REGIONS:
        raise invalid("region", region, "Unknown region.", "use one such as europe-west3")


def require_zone(zone: str, project: str) -> None:
    """Raise unless the zone exists."""
    if zone not in ZONES:
        raise CloudError(
            "notFound",
            f"The resource 'projects/{project}/zones/{zone}' was not found",
            "use a zone such as europe-west3-a",
        )
