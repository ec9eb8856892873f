"""Nothing in a site speaks IPv6: the plan, the flow matrix and the host firewalls know IPv4 addresses alone."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen


def _check(resource: Seen) -> Iterator[str]:
    def look(name: str) -> Iterator[str]:
        if "ipv6" in name.lower() and resource.get(name):
            yield f"{name} gives it a way over IPv6"

    yield from patiently(list(resource.values), look)


RULE: Final = Rule(
    id="aws-no-ipv6",
    title="No network, subnet, instance, route or firewall rule speaks IPv6.",
    why="An IPv6 address is public by nature: a validator with one has a second way in that no other rule follows.",
    remedy="leave out every argument with ipv6 in its name",
    severity=Severity.HIGH,
    tags=("exposure", "egress"),
    types=frozenset(
        {
            "aws:ec2/vpc:Vpc",
            "aws:ec2/subnet:Subnet",
            "aws:ec2/instance:Instance",
            "aws:ec2/route:Route",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        }
    ),
    check=_check,
)
