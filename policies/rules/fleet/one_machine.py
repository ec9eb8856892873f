"""A host is one machine with one data volume: a twin of a cosigner signs with the same shard."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.roles import MACHINES, VOLUMES
from policies.rule import Finding, Seen, Stack, StackRule

ATTACHMENTS: Final = {
    "aws:ec2/volumeAttachment:VolumeAttachment": ("instanceId", "volumeId"),
    "gcp:compute/attachedDisk:AttachedDisk": ("instance", "disk"),
    "digitalocean:index/volumeAttachment:VolumeAttachment": ("dropletId", "volumeId"),
}
"""The properties that name the machine and the volume."""


def _check(stack: Stack) -> Iterator[Finding]:
    machines = Counter(_identity(one) for one in stack.of(*MACHINES))
    named = Counter(one.name for one in stack.of(*MACHINES))
    for one in stack.of(*MACHINES):
        if not _identity(one):
            yield Finding(one.urn, "it has no name in its account, by which a twin of it would be found")
        elif machines[_identity(one)] > 1:
            yield Finding(one.urn, "another machine of this stack has the same name in its account")
        elif named[one.name] > 1:
            yield Finding(one.urn, "another machine of this stack is the same host")
    yield from _without_volume(stack)
    for one in stack.of(*ATTACHMENTS):
        machine, volume = ATTACHMENTS[one.type]
        hosts = [host.name for host in stack.linked(one, machine, *MACHINES)]
        volumes = [each.name for each in stack.linked(one, volume, *VOLUMES)]
        if len(volumes) != 1 or volumes != hosts:
            yield Finding(one.urn, "it does not join a host of this stack with its own volume")


def _without_volume(stack: Stack) -> Iterator[Finding]:
    """Its watermark would lie on a disk that goes with the machine."""
    attached = Counter(
        machine.name
        for one in stack.of(*ATTACHMENTS)
        for machine in stack.linked(one, ATTACHMENTS[one.type][0], *MACHINES)
    )
    for host in planned(stack).hosts:
        if host.data_gb and attached[host.name] != 1:
            yield Finding("", f"{host.name} has {attached[host.name]} volumes attached, and one is planned")


def _identity(machine: Seen) -> str:
    """What its account calls a machine: on AWS that is a tag."""
    return machine.block("tags").text("Name") if machine.type.startswith("aws:") else machine.text("name")


RULE: Final = StackRule(
    id="fleet-one-machine",
    title="No two machines are one host, and every host has its own volume, and no other.",
    why="Two machines with one shard sign two blocks at one height, which costs the stake.",
    remedy="give each host a machine and a volume of its own; names come from `fleet.naming`",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
