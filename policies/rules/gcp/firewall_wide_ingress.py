"""Strangers may open the p2p port, and say that a packet is too large; nothing else is for everybody.

GCP cannot tell ICMP types apart; the host firewall does (components/gcp/firewall.py).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import P2P
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL
from policies.rules.gcp.traffic import is_egress, ports, protocol, wide_ranges


def _check(firewall: Seen) -> Iterator[str]:
    if is_egress(firewall):
        return

    def refused(entry: Block) -> Iterator[str]:
        name = protocol(entry)
        if name == "icmp" or (name == "tcp" and all(span == range(P2P, P2P + 1) for span in ports(entry))):
            return
        yield name

    names = dict.fromkeys(firewall.each_block("allows", refused))
    if names:
        for cidr in wide_ranges(firewall):
            yield f"it lets {cidr} in by {' and '.join(names)} at more than the p2p port"


RULE: Final = Rule(
    id="gcp-firewall-wide-ingress",
    title="Wide ranges reach the p2p port and ICMP alone.",
    why="Whatever listens at a sentry by mistake is found by scanners within the hour.",
    remedy="name the peers in source_ranges or source_service_accounts, or allow the p2p port alone",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=(
        "CKV2_GCP_12",
        "CKV_GCP_75",
        "CKV_GCP_77",
        "CKV_GCP_88",
        "CKV_GCP_106",
        "GCP-0027",
        "GCP-0073",
    ),
    waivable=False,
    types=frozenset({FIREWALL}),
    check=_check,
)
