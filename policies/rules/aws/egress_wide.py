"""Out to the Internet goes a sentry, to any TCP port, and HTTPS for updates; nothing goes out to every address.

Every address includes those of the fleet, so a rule to all of them is also one to the cosigners next door; the program
leaves the fleet's ranges out (fleet/cloudrules.py).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import HTTPS
from policies.ranges import ANYWHERE, is_wide
from policies.roles import role
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.aws.ports import ports

EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"


def _check(stack: Stack) -> Iterator[Finding]:
    yield from each(stack.of(EGRESS), lambda rule: _rule(stack, rule))


def _rule(stack: Stack, rule: Seen) -> Iterator[str]:
    may = _may(stack, rule)
    for name in ("cidrIpv4", "cidrIpv6"):
        cidr = rule.text(name)
        if cidr in ANYWHERE:
            yield f"it goes out to {cidr}, which includes every host of the fleet"
        elif cidr and not may and is_wide(cidr):
            yield f"it goes out to all of {cidr}, and is neither a sentry's nor HTTPS"


def _may(stack: Stack, rule: Seen) -> bool:
    if rule.text("ipProtocol") != "tcp":
        return False
    if rule.number("fromPort") in ports(stack.settings, "ports", HTTPS) and rule.number("toPort") == rule.number(
        "fromPort"
    ):
        return True
    groups = [role(group) for group in stack.linked(rule, "securityGroupId", GROUP)]
    return set(groups) == {"sentry"}


RULE: Final = StackRule(
    id="aws-egress-wide",
    title="Only sentries, and HTTPS, go out to the Internet at large.",
    why="An open way out is how a stolen shard leaves a cosigner, and how an intruder calls home.",
    remedy="let the host go through its gateway's proxy, or name the peer's own range; never 0.0.0.0/0",
    severity=Severity.HIGH,
    tags=("egress",),
    answers=("AWS-0104",),
    settings={
        "ports": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 65535},
            "default": [HTTPS],
            "description": "TCP ports that any group may go out to.",
        }
    },
    check=_check,
)
