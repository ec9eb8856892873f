"""Machine types, scopes and statuses: what an instance is by its inputs alone, and when a change needs a stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcloud.core.errors import CloudError
from simcloud.core.model import Properties, Question
from simcloud.core.values import UNKNOWN
from simcloud.gcp.account import OFFERED, base_name
from simcloud.gcp.common import same_link

RUNNING, TERMINATED = "RUNNING", "TERMINATED"
STARTUP = "startup-script"
SCOPES = "https://www.googleapis.com/auth/"
SHORT_SCOPES = {
    "bigquery": "bigquery",
    "cloud-platform": "cloud-platform",
    "compute-ro": "compute.readonly",
    "compute-rw": "compute",
    "logging-write": "logging.write",
    "monitoring": "monitoring",
    "monitoring-read": "monitoring.read",
    "monitoring-write": "monitoring.write",
    "service-control": "servicecontrol",
    "service-management": "service.management.readonly",
    "storage-full": "devstorage.full_control",
    "storage-ro": "devstorage.read_only",
    "storage-rw": "devstorage.read_write",
    "trace": "trace.append",
}
"""Short names and the scopes they stand for; general knowledge (`gcloud compute instances create`, --scopes)."""

SCHEDULING = {
    "automaticRestart": True,
    "availabilityDomain": 0,
    "onHostMaintenance": "MIGRATE",
    "preemptible": False,
    "provisioningModel": "STANDARD",
}
SHIELDED = {"enableIntegrityMonitoring": True, "enableSecureBoot": False, "enableVtpm": True}


def facts_of(machine_type: str) -> dict[str, Any] | None:
    """What is known of a machine type, None for one that is not offered."""
    family, _, size = base_name(machine_type).rpartition("-")
    facts = OFFERED["machine_types"].get(family)
    return facts if facts and size in map(str, facts["sizes"]) else None


def require_machine(machine_type: str, image: Properties | None) -> dict[str, Any]:
    """What is known of a machine type that runs an image, or the refusal."""
    facts = facts_of(machine_type)
    if facts is None:
        raise CloudError(
            "invalid",
            f"Invalid value for field 'resource.machineType': '{machine_type}'. There is no such machine type",
            "correct it, or add the type to simcloud/data/gcp-account.json",
        )
    if image and image["architecture"] != facts["architecture"]:
        raise CloudError(
            "invalid",
            f"{machine_type} is {facts['architecture']}, the image {image['name']} is {image['architecture']}",
            "use an image of the machine type's architecture",
        )
    return facts


def scope_url(scope: str) -> str:
    """A scope as the state holds it."""
    return scope if scope.startswith("https://") else f"{SCOPES}{SHORT_SCOPES.get(scope, scope)}"


def same_scopes(old: Any, new: Any) -> bool:
    """Whether two lists hold the same scopes."""
    if not isinstance(old, list) or not isinstance(new, list) or UNKNOWN in new:
        return False
    before: list[str] = old
    after: list[str] = new
    return set(map(scope_url, before)) == set(map(scope_url, after))


def status(inputs: Mapping[str, Any]) -> str:
    """The status that an instance has once it is made or changed."""
    return inputs.get("desiredStatus") or RUNNING


def needing_stop(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The changed properties that GCP changes on a stopped instance only (gcp.json, Instance, checks).

    `new` is what the state will hold; a property that it leaves to GCP does not change.
    """
    found = [
        name
        for name in ("machineType", "minCpuPlatform", "enableDisplay", "shieldedInstanceConfig", "serviceAccount")
        if not _same(name, old.get(name), new.get(name))
    ]
    for before, after in zip(old["networkInterfaces"], new["networkInterfaces"], strict=False):
        found += [
            f"networkInterfaces.{name}"
            for name in ("network", "subnetwork", "subnetworkProject")
            if after.get(name) and not same_link(before[name], after[name])
        ]
    return found


def _same(name: str, old: Any, new: Any) -> bool:
    if name == "serviceAccount":
        before, after = old or {}, new or {}
        email = after.get("email") or before.get("email") if after else None
        return (before.get("email"), same_scopes(before.get("scopes", []), after.get("scopes", []))) == (email, True)
    return (new is None and name in ("minCpuPlatform", "shieldedInstanceConfig")) or (old or None) == (new or None)


def refuse_running(what: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Raise for changes that need a stop which the program does not allow."""
    if what and old["currentStatus"] == RUNNING and not new.get("allowStoppingForUpdate") and status(new) != TERMINATED:
        raise CloudError(
            "allowStoppingForUpdate",
            f"Changing {', '.join(what)} on a started instance requires stopping it",
            "set allowStoppingForUpdate to true, or desiredStatus to TERMINATED",
        )


def another_address(question: Question) -> bool:
    """Whether a changed networkIp replaces the instance: another address while the interface stays where it is."""
    if not question.change.new:
        return False
    index = int(question.change.path.partition("[")[2].partition("]")[0])
    olds, news = question.olds.get("networkInterfaces", []), question.news.get("networkInterfaces", [])
    if len(olds) != len(news):
        return True
    stays = [
        not news[index].get(name) or same_link(olds[index].get(name), news[index][name])
        for name in ("network", "subnetwork", "subnetworkProject")
    ]
    return all(stays)


def another_script(question: Question) -> bool:
    """Whether a changed start-up script replaces the instance: not when the text only moves to or from metadata."""
    old = question.olds.get("metadataStartupScript") or (question.olds.get("metadata") or {}).get(STARTUP)
    metadata = question.news.get("metadata")
    new = question.news.get("metadataStartupScript") or (metadata.get(STARTUP) if isinstance(metadata, dict) else None)
    return new is UNKNOWN or old != new
