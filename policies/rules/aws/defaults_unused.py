"""Nothing that AWS makes by default carries anything: the default group is empty, default networks are not adopted.

A new default group lets in all of its members and lets out everything; an instance without a group gets it.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _check(resource: Seen) -> Iterator[str]:
    if resource.type != GROUP:
        yield "it adopts what AWS made by default"
    for direction in ("ingress", "egress"):
        if resource.get(direction):
            yield f"it has rules for {direction}"


RULE: Final = Rule(
    id="aws-defaults-unused",
    title="Default security groups are empty, and default networks are left alone.",
    why="What ends up in a default network or group by mistake is open to whatever else did.",
    remedy="set ingress=[] and egress=[] on ec2.DefaultSecurityGroup, and make a VPC with subnets and tables of its own",
    severity=Severity.HIGH,
    tags=("exposure",),
    answers=("CKV_AWS_148", "AWS-0101"),
    types=frozenset(
        {
            GROUP,
            "aws:ec2/defaultVpc:DefaultVpc",
            "aws:ec2/defaultSubnet:DefaultSubnet",
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "aws:ec2/defaultVpcDhcpOptions:DefaultVpcDhcpOptions",
        }
    ),
    check=_check,
)
