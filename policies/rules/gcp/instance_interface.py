"""A host has one interface, with one address, and forwards nothing: a second way in or out would pass every firewall by.

WireGuard needs no forwarding by the cloud: its packets carry the host's own address.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE


def _interface(interface: Block) -> Iterator[str]:
    if interface.get("aliasIpRanges"):
        yield "its interface has alias ranges, whose addresses the plan does not know"
    if interface.get("networkAttachment"):
        yield "its interface is attached to another project's network"


def _check(instance: Seen) -> Iterator[str]:
    if instance.flag("canIpForward"):
        yield "it may send and receive packets with other hosts' addresses"
    interfaces: list[Block] = []

    def look(interface: Block) -> Iterator[str]:
        interfaces.append(interface)
        yield from _interface(interface)

    yield from instance.each_block("networkInterfaces", look)
    if len(interfaces) != 1:
        yield f"it has {len(interfaces)} network interfaces"


RULE: Final = Rule(
    id="gcp-instance-interface",
    title="An instance has one interface with one address, and does not forward.",
    why="A host in two networks, or one that forwards, joins what firewalls keep apart.",
    remedy="set can_ip_forward to False and network_interfaces to one interface with a subnetwork, without alias_ip_ranges",
    severity=Severity.HIGH,
    tags=("exposure",),
    answers=(
        "CKV_GCP_36",
        "GCP-0043",
        "compute_instance_ip_forwarding_is_enabled",
        "compute_instance_single_network_interface",
    ),
    types=frozenset({INSTANCE}),
    check=_check,
)
