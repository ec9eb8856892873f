"""What must not be lost is protected, unless the config lets it go."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.takedown import host_of
from policies.intended import planned
from policies.roles import MACHINES, VOLUMES
from policies.rule import Finding, Stack, StackRule

PARTS: Final = MACHINES | VOLUMES | {"aws:ec2/eip:Eip", "gcp:compute/address:Address"}
"""What a kept host consists of. Attachments are made again by an update; these would be lost."""
KEYS: Final = ("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey")
VOLUME_KEY: Final = "-volumes"
"""How the logical name of the key that encrypts a site's volumes ends."""


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    kept = {host.name: host for host in plan.hosts if plan.keeps(host)}
    sites = {f"s{host.site_id}" for host in kept.values()}
    for one in stack.resources:
        if one.protect:
            continue
        if one.type in PARTS and host_of(one.name) in kept:
            yield Finding(one.urn, "it belongs to a host that must not be lost, and is not protected")
        if one.type in KEYS and one.name.endswith(VOLUME_KEY) and one.name.partition("-")[0] in sites:
            yield Finding(one.urn, "volumes that must not be lost are encrypted with it, and it is not protected")


RULE: Final = StackRule(
    id="fleet-protected",
    title="Signing hosts and gateways, their volumes, addresses and keys are protected.",
    why="One `destroy`, or a removed line, would delete a shard, or the only way to the hosts that have one.",
    remedy="leave `protect` to `components.options.kept_options`; to let a host go, name it in let_go of the stack file",
    severity=Severity.CRITICAL,
    tags=("durability", "signing"),
    waivable=False,
    check=_check,
)
