"""The key of a host that no destroy may take is itself kept: without its key a disk is lost, whatever protects the disk.

What the config lets go needs no key any more.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.takedown import host_of
from policies.intended import planned
from policies.rule import Finding, Stack, StackRule
from policies.rules.gcp.tokens import DISK, GRANT, INSTANCE, KEY

PLACES: Final = {INSTANCE: "bootDisk", DISK: "diskEncryptionKey"}


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    kept = {host.name for host in plan.hosts if plan.keeps(host)}
    needed = [
        key
        for one in stack.of(*PLACES)
        if host_of(one.name) in kept
        for key in stack.linked(one, PLACES[one.type], KEY)
    ]
    for key in stack.of(KEY):
        if key in needed and not key.protect:
            yield Finding(key.urn, "disks that must not be lost need it, and it is not protected")
    for grant in stack.of(GRANT):
        opened = stack.linked(grant, "cryptoKeyId", KEY)
        if any(key in needed for key in opened) and not grant.protect:
            yield Finding(grant.urn, "disks that must not be lost are opened by it, and it is not protected")


RULE: Final = StackRule(
    id="gcp-key-protected",
    title="The key of gateways, validators and cosigners, and its grant, are protected.",
    why="One destroyed key makes every disk of the site unreadable, cosigners' included.",
    remedy="make the key and its grant with kept_options(keep=True), which sets protect; to let a host go, name it in let_go",
    severity=Severity.CRITICAL,
    tags=("durability", "signing"),
    answers=("CKV_GCP_82",),
    waivable=False,
    check=_check,
)
