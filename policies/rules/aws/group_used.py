"""A security group belongs to hosts; one that waits for hosts is attached later without anybody reading it again."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Stack, StackRule

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INSTANCE: Final = "aws:ec2/instance:Instance"


def _check(stack: Stack) -> Iterator[Finding]:
    used = {group.urn for one in stack.of(INSTANCE) for group in stack.linked(one, "vpcSecurityGroupIds", GROUP)}
    for group in stack.of(GROUP):
        if group.urn not in used:
            yield Finding(group.urn, "no instance of this stack is in it")


RULE: Final = StackRule(
    id="aws-group-used",
    title="Every security group has an instance in it.",
    why="A forgotten group keeps its openings, and its place in other groups' rules, until somebody attaches it.",
    remedy="take the group out with the last host of its role",
    severity=Severity.LOW,
    tags=("hygiene",),
    answers=("CKV2_AWS_5", "ec2_securitygroup_not_used"),
    check=_check,
)
