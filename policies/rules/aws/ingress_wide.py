"""Strangers meet the p2p port, and routers may say that a packet is too large; nothing else is open to wide ranges.

Which roles may be open at all is told by fleet-private-closed and fleet-sentry-p2p; this holds also for a group whose
role nobody knows.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import P2P
from policies.ranges import is_wide
from policies.rule import Rule, Seen

FRAGMENTATION_NEEDED: Final = (3, 4)
"""ICMP type and code (RFC 1191)."""


def _check(rule: Seen) -> Iterator[str]:
    if _for_strangers(rule):
        return
    for name in ("cidrIpv4", "cidrIpv6"):
        cidr = rule.text(name)
        if cidr and is_wide(cidr):
            yield f"it opens more than the p2p port to {cidr}"


def _for_strangers(rule: Seen) -> bool:
    protocol, first, last = rule.text("ipProtocol"), rule.number("fromPort"), rule.number("toPort")
    if protocol == "icmp":
        return (first, last) == FRAGMENTATION_NEEDED
    return protocol == "tcp" and first == P2P == last


RULE: Final = Rule(
    id="aws-ingress-wide",
    title="A wide range reaches the p2p port and may send path-MTU messages, nothing else.",
    why="SSH, RPC and metrics that the Internet reaches are scanned within minutes, and flooded on the day it hurts.",
    remedy="set cidr_ipv4 to the operators' or the peer's own range, or referenced_security_group_id to a group",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=(
        "CKV_AWS_24",
        "AWS-0107",
        "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
        "ec2_securitygroup_allow_ingress_from_internet_to_any_port",
        "CKV_AWS_25",
        "CKV_AWS_260",
    ),
    waivable=False,
    types=frozenset({"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"}),
    check=_check,
)
