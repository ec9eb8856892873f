"""Nobody gets into a host by way of its metadata: this program's way in is SSH by certificate, through the gateway.

Set on the instance, these keys win over the project's. OS Login is off on purpose: it would rewrite sshd's settings, and
log in whoever the project's IAM names (components/gcp/hosts.py).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE

WANTED: Final = {
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
    "enable-oslogin": "FALSE",
    "enable-osconfig": "FALSE",
    "enable-guest-attributes": "FALSE",
}
REFUSED: Final = frozenset({"ssh-keys", "sshKeys", "startup-script-url", "shutdown-script-url"})
"""Keys that let somebody in, or run what a bucket holds (Compute Engine: predefined metadata keys)."""


def _check(instance: Seen) -> Iterator[str]:
    for key in instance.keys("metadata"):
        if key in REFUSED:
            yield f"its metadata has {key}"
    metadata = instance.block("metadata")

    def wanted(key: str) -> Iterator[str]:
        if metadata.text(key).upper() != WANTED[key]:
            yield f"its metadata does not have {key} at {WANTED[key]}"

    yield from patiently(list(WANTED), wanted)


RULE: Final = Rule(
    id="gcp-instance-metadata",
    title="An instance's metadata lets nobody in: no SSH keys, no serial console, no OS Login, no agent that runs commands.",
    why="Whoever may edit the metadata of the project would be root on a cosigner, past the gateway and its certificates.",
    remedy="give metadata all of components.gcp.hosts.METADATA, and take SSH keys and script addresses out",
    severity=Severity.CRITICAL,
    tags=("exposure", "identity"),
    answers=(
        "CKV_GCP_32",
        "CKV_GCP_35",
        "GCP-0030",
        "GCP-0032",
        "compute_instance_block_project_wide_ssh_keys_disabled",
        "compute_instance_serial_ports_in_use",
    ),
    waivable=False,
    types=frozenset({INSTANCE}),
    check=_check,
)
