"""Every machine stands behind the firewall of its own role."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.openings import AWS_GROUP, GCP_ACCOUNT
from policies.roles import group_role, role
from policies.rule import Finding, Seen, Stack, StackRule, each

AWS: Final = "aws:ec2/instance:Instance"
GCP: Final = "gcp:compute/instance:Instance"


def _check(stack: Stack) -> Iterator[Finding]:
    yield from each(stack.of(AWS), lambda one: _aws(stack, one))
    yield from each(stack.of(GCP), lambda one: _gcp(stack, one))


def _aws(stack: Stack, one: Seen) -> Iterator[str]:
    groups = stack.linked(one, "vpcSecurityGroupIds", AWS_GROUP)
    if not groups:
        yield "no security group of this stack is attached to it"
    for group in groups:
        if role(group) != role(one):
            yield f"it is a {role(one)} in the security group of a {role(group)}"


def _gcp(stack: Stack, one: Seen) -> Iterator[str]:
    accounts = stack.linked(one, "serviceAccount", GCP_ACCOUNT)
    if not accounts:
        yield "it has no service account of this stack, by which firewalls know its role"
    for account in accounts:
        if group_role(account.name) != role(one):
            yield f"it is a {role(one)} with the service account of a {group_role(account.name)}"


RULE: Final = StackRule(
    id="fleet-firewalled",
    title="Every machine on AWS and GCP has the security group, or the service account, of its own role.",
    why="A validator in the sentries' group is opened to strangers by rules that are right for sentries.",
    remedy="attach the group of its role (DigitalOcean's droplets: digitalocean-droplet-firewalled)",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    check=_check,
)
