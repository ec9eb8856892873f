"""A host keeps its SSH host key: cloud-init that misses its metadata at a later boot deletes them (cloud-init#6270).

So it deletes none, makes ed25519 alone, and is switched off when it is done. On GCP the guest agent would make new ones
when a disk finds itself in another instance.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.boot import GCP, TYPES, boot_text, document, files

OFF: Final = "touch /etc/cloud/cloud-init.disabled"


def _check(machine: Seen) -> Iterator[str]:
    if machine.type == GCP:
        if not any("set_host_keys = false" in content.splitlines() for _, content in files(machine)):
            yield "the guest agent may make new host keys"
        return
    said = document(machine)
    if said.flag("ssh_deletekeys") is not False:
        yield "cloud-init may delete its host keys"
    if said.texts("ssh_genkeytypes") != ["ed25519"]:
        yield "it makes other host keys than ed25519"
    if OFF not in boot_text(machine):
        yield "cloud-init stays on after first boot"


RULE: Final = Rule(
    id="hosts-user-data-host-keys",
    title="A host keeps the one SSH host key that it makes at first boot.",
    why="With a new host key a signer cannot be told from an impostor, and every pinned key refuses the operators.",
    remedy="make it with cloudinit.first_boot.user_data, or cloudinit.startup_script.startup_script on GCP",
    severity=Severity.HIGH,
    tags=("identity", "durability"),
    types=TYPES,
    check=_check,
)
