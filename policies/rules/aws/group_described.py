"""Groups and rules say why they are there, in the place where an operator looks when something is blocked."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

NOTHING_SAID: Final = ("", "Managed by Pulumi")
"""What stands there when nobody said anything: the second is the provider's own text."""


def _check(resource: Seen) -> Iterator[str]:
    if resource.text("description").strip() in NOTHING_SAID:
        yield "it does not say what it is for"


RULE: Final = Rule(
    id="aws-group-described",
    title="Every security group and every rule says why it is there.",
    why="A rule that nobody can explain is one that nobody dares to close when a host is under attack.",
    remedy="set description to the row of the flow matrix and its reason",
    severity=Severity.LOW,
    tags=("hygiene", "audit"),
    answers=("CKV_AWS_23", "AWS-0099", "AWS-0124"),
    types=frozenset(
        {
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        }
    ),
    check=_check,
)
