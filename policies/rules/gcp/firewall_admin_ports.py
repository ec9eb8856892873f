"""SSH and RDP are for named ranges, whatever the pack's config calls public: both are tried by every scanner."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import SSH
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL
from policies.rules.gcp.traffic import is_egress, ports, protocol, wide_ranges

RDP: Final = 3389
NAMES: Final = {SSH: "SSH", RDP: "RDP"}
WITHOUT: Final = ("icmp", "udp")
"""Protocols that carry neither; RDP over UDP is nothing without its TCP side."""


def _check(firewall: Seen) -> Iterator[str]:
    if is_egress(firewall):
        return

    def opened(entry: Block) -> Iterator[str]:
        if protocol(entry) not in WITHOUT:
            spans = ports(entry)
            yield from (name for port, name in NAMES.items() if any(port in span for span in spans))

    names = dict.fromkeys(firewall.each_block("allows", opened))
    if names:
        for cidr in wide_ranges(firewall):
            yield f"it lets {cidr} in by {' and '.join(names)}"


RULE: Final = Rule(
    id="gcp-firewall-admin-ports",
    title="No wide range reaches SSH or RDP.",
    why="A flaw in sshd, or one stolen certificate, is then enough to be inside the gateway.",
    remedy="list the operators' own ranges (/24 or longer, IPv6 /48 or longer) in access.admin_cidrs",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=(
        "CKV_GCP_2",
        "CKV_GCP_3",
        "GCP-0070",
        "GCP-0071",
        "compute_firewall_ssh_access_from_the_internet_allowed",
        "compute_firewall_rdp_access_from_the_internet_allowed",
    ),
    waivable=False,
    types=frozenset({FIREWALL}),
    check=_check,
)
