"""Nothing but the operator stops a host: GCP may take spot instances at any time, and others at a time that is set."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE

STANDARD: Final = ("", "STANDARD")
MIGRATE: Final = ("", "MIGRATE")
RUNNING: Final = ("", "RUNNING")
NONE: Final = ("", "NONE")
"""What is not set is the provider's default, which is the same."""


def _check(instance: Seen) -> Iterator[str]:
    scheduling = instance.block("scheduling")
    if scheduling.flag("preemptible") or scheduling.text("provisioningModel") not in STANDARD:
        yield "GCP may take it back at any time"
    if scheduling.flag("automaticRestart") is False:
        yield "it stays down after a failure of its machine"
    if scheduling.text("onHostMaintenance") not in MIGRATE:
        yield "maintenance of its machine stops it"
    if scheduling.get("maxRunDuration") or scheduling.text("terminationTime"):
        yield "it ends at a time that is set"
    if instance.text("desiredStatus") not in RUNNING:
        yield "it is told not to run"
    if instance.text("keyRevocationActionType") not in NONE:
        yield "it stops when its key is revoked"
    if instance.text("metadataStartupScript"):
        yield "it is replaced whenever its start-up script changes"
    if instance.get("resourcePolicies"):
        yield "a policy may stop it by the clock"


RULE: Final = Rule(
    id="gcp-instance-runs-on",
    title="An instance runs until its operator stops it.",
    why="A validator that stops by itself misses blocks, and several at once can stop signing for good.",
    remedy=(
        'set scheduling to preemptible False, provisioning_model "STANDARD", automatic_restart True and'
        ' on_host_maintenance "MIGRATE", with no time limit; use metadata["startup-script"], no metadata_startup_script'
    ),
    severity=Severity.HIGH,
    tags=("durability",),
    answers=(
        "compute_instance_preemptible_vm_disabled",
        "compute_instance_automatic_restart_enabled",
        "compute_instance_on_host_maintenance_migrate",
    ),
    types=frozenset({INSTANCE}),
    check=_check,
)
