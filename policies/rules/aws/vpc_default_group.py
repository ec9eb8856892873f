"""Each VPC's default group is in the stack, and so is emptied: AWS makes it open."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Stack, StackRule

VPC: Final = "aws:ec2/vpc:Vpc"
GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _check(stack: Stack) -> Iterator[Finding]:
    closed = {vpc.urn for group in stack.of(GROUP) for vpc in stack.linked(group, "vpcId", VPC)}
    for vpc in stack.of(VPC):
        if vpc.urn not in closed:
            yield Finding(vpc.urn, "nothing closes its default security group")


RULE: Final = StackRule(
    id="aws-vpc-default-group",
    title="The default security group of every VPC is taken over and closed.",
    why="An interface that is made by hand falls into that group, which lets everything out and its members in.",
    remedy="make an ec2.DefaultSecurityGroup with the vpc_id of the VPC, ingress=[] and egress=[]",
    severity=Severity.HIGH,
    tags=("exposure",),
    answers=("CKV2_AWS_12", "AWS-0173", "ec2_securitygroup_default_restrict_traffic"),
    check=_check,
)
