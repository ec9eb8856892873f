"""A subnet gives no public address by itself: a public host has its Elastic IP, and nothing else has any."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(subnet: Seen) -> Iterator[str]:
    if subnet.flag("mapPublicIpOnLaunch"):
        yield "whatever is launched in it gets a public address"


RULE: Final = Rule(
    id="aws-subnet-no-public-addresses",
    title="A subnet gives no public address at launch.",
    why="A host that somebody launches by hand would be on the Internet before its firewall is.",
    remedy="set map_public_ip_on_launch=False",
    severity=Severity.HIGH,
    tags=("exposure",),
    answers=("CKV_AWS_130", "AWS-0164", "vpc_subnet_no_public_ip_by_default"),
    types=frozenset({"aws:ec2/subnet:Subnet"}),
    check=_check,
)
