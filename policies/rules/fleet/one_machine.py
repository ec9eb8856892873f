"""A host is one machine with one data volume: a twin of a cosigner signs with the same shard."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

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
    for one in stack.of(*MACHINES):
        if machines[_identity(one)] > 1:
            yield Finding(one.urn, "another machine of this stack has the same name in its account")
    volumes: Counter[str] = Counter()
    for one in stack.of(*ATTACHMENTS):
        machine, volume = ATTACHMENTS[one.type]
        hosts = [host.name for host in stack.linked(one, machine, *MACHINES)]
        attached = stack.linked(one, volume, *VOLUMES)
        volumes.update(each.urn for each in attached)
        for each in attached:
            if hosts and each.name not in hosts:
                yield Finding(one.urn, "it attaches the volume of another host")
    for urn, count in volumes.items():
        if count > 1:
            yield Finding(urn, f"{count} machines attach it")


def _identity(machine: Seen) -> str:
    """What its account calls a machine: on AWS that is a tag."""
    return machine.block("tags").text("Name") if machine.type.startswith("aws:") else machine.text("name")


RULE: Final = StackRule(
    id="fleet-one-machine",
    title="No two machines are one host, and no volume is attached to a host that is not its own.",
    why="Two machines with one shard sign two blocks at one height, which costs the stake.",
    remedy="give each host a machine and a volume of its own; names come from `fleet.naming`",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
