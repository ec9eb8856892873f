"""A security group's rules are resources of their own, so that rules about rules see all of them.

Rules inside a group also fight with those beside it: each run takes the other's out (pulumi-aws#2391).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"


def _check(resource: Seen) -> Iterator[str]:
    if resource.type != GROUP:
        yield "it is a rule of the old kind, with several ranges in one"
    for direction in ("ingress", "egress"):
        if resource.get(direction):
            yield f"it has rules for {direction} inside"


RULE: Final = Rule(
    id="aws-group-rules-apart",
    title="Each rule of a security group is a vpc.SecurityGroupIngressRule or -EgressRule of its own.",
    why="A rule inside a group opens a port that no rule of this pack looks at, and may vanish at the next update.",
    remedy="use vpc.SecurityGroupIngressRule and vpc.SecurityGroupEgressRule, and leave out ingress and egress",
    severity=Severity.HIGH,
    tags=("exposure", "hygiene"),
    types=frozenset({GROUP, "aws:ec2/securityGroupRule:SecurityGroupRule"}),
    check=_check,
)
