"""A VPC has a private range that its site says, so that addresses can be planned and nobody else's are shadowed."""

import ipaddress
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.addressing import RFC1918
from policies.rule import Rule, Seen


def _check(vpc: Seen) -> Iterator[str]:
    if vpc.text("ipv4IpamPoolId"):
        yield "its range comes from a pool, not from its site"
    if vpc.text("instanceTenancy") not in ("", "default"):
        yield "it decides the tenancy of every host in it"
    if not _private(vpc.text("cidrBlock")):
        yield "its range is not a private one"


def _private(cidr: str) -> bool:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        return False
    return any(network.subnet_of(block) for block in RFC1918)


RULE: Final = Rule(
    id="aws-vpc-range",
    title="A VPC has the private range of its site.",
    why="With somebody else's range, packets for that somebody's peers end inside the VPC, and blocks are missed.",
    remedy="set cidr_block to the range of the site (RFC 1918), and leave out ipv4_ipam_pool_id and instance_tenancy",
    severity=Severity.MEDIUM,
    tags=("exposure", "hygiene"),
    types=frozenset({"aws:ec2/vpc:Vpc"}),
    check=_check,
)
