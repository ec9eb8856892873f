"""What must not be lost is protected, unless the config lets it go."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.takedown import host_of
from policies.intended import planned
from policies.roles import MACHINES, VOLUMES
from policies.rule import Finding, Stack, StackRule
from policies.rules.fleet.one_machine import ATTACHMENTS

PARTS: Final = (
    MACHINES
    | VOLUMES
    | ATTACHMENTS.keys()
    | {"aws:ec2/eip:Eip", "aws:ec2/eipAssociation:EipAssociation", "gcp:compute/address:Address"}
)
"""What a kept host consists of."""
KEYS: Final = ("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey")
GRANT: Final = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
"""What lets a cloud open disks with a key."""
ENCRYPTED: Final = ("kmsKeyId", "rootBlockDevice", "diskEncryptionKey", "bootDisk")
"""Properties of machines and volumes that name the key they are encrypted with."""


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    kept = {host.name for host in plan.hosts if plan.keeps(host)}
    parts = [one for one in stack.resources if one.type in PARTS and host_of(one.name) in kept]
    for one in parts:
        if not one.protect:
            yield Finding(one.urn, "it belongs to a host that must not be lost, and is not protected")
    keys = {key.urn: key for one in parts for path in ENCRYPTED for key in stack.linked(one, path, *KEYS)}
    for key in keys.values():
        if not key.protect:
            yield Finding(key.urn, "disks that must not be lost are encrypted with it, and it is not protected")
    for grant in stack.of(GRANT):
        if not grant.protect and any(key.urn in keys for key in stack.linked(grant, "cryptoKeyId", *KEYS)):
            yield Finding(grant.urn, "disks that must not be lost are opened by it, and it is not protected")


RULE: Final = StackRule(
    id="fleet-protected",
    title="Signing hosts and gateways, their volumes, addresses, attachments and keys are protected.",
    why="One `destroy`, or a removed line, would delete a shard, or the only way to the hosts that have one.",
    remedy="leave `protect` to `components.options.kept_options`; to let a host go, name it in let_go of the stack file",
    severity=Severity.CRITICAL,
    tags=("durability", "signing"),
    answers=("CKV_GCP_82",),
    waivable=False,
    check=_check,
)
