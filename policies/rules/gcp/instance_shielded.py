"""Firmware, boot loader and kernel are signed and measured: what starts before the system is what nothing in it can check.

Secure boot is off unless it is asked for (resource_compute_instance.go of terraform-provider-google), so all three are written out.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE


def _check(instance: Seen) -> Iterator[str]:
    if instance.flag("shieldedInstanceConfig.enableSecureBoot") is not True:
        yield "it boots code that nobody signed"
    if instance.flag("shieldedInstanceConfig.enableVtpm") is not True:
        yield "it has no vTPM, so its boot is not measured"
    if instance.flag("shieldedInstanceConfig.enableIntegrityMonitoring") is not True:
        yield "nothing compares its boot with the one before"


RULE: Final = Rule(
    id="gcp-instance-shielded",
    title="An instance boots signed code alone, measured and compared (Shielded VM).",
    why="A boot kit on a cosigner reads the key shard and survives every clean-up of the system.",
    remedy="set enable_secure_boot, enable_vtpm and enable_integrity_monitoring of shielded_instance_config to True",
    severity=Severity.HIGH,
    tags=("identity", "hygiene"),
    answers=("CKV_GCP_39", "GCP-0041", "GCP-0045", "GCP-0067", "compute_instance_shielded_vm_enabled"),
    types=frozenset({INSTANCE}),
    check=_check,
)
