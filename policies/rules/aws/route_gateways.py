"""A route leads to a gateway of its own site, and each is a resource of its own.

Routes that stand inside a table, and those that a VPN gateway propagates, are seen by no rule about routes.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each

ROUTE: Final = "aws:ec2/route:Route"
TABLE: Final = "aws:ec2/routeTable:RouteTable"
INTERNET: Final = "aws:ec2/internetGateway:InternetGateway"
NAT: Final = "aws:ec2/natGateway:NatGateway"


def _check(stack: Stack) -> Iterator[Finding]:
    for route in stack.of(ROUTE):
        if not stack.linked(route, "gatewayId", INTERNET) and not stack.linked(route, "natGatewayId", NAT):
            yield Finding(route.urn, "it leads to no Internet or NAT gateway of this stack")
    yield from each(stack.of(TABLE), _table)


def _table(table: Seen) -> Iterator[str]:
    for name in ("routes", "propagatingVgws"):
        if table.get(name):
            yield f"{name} holds routes that no other rule sees"


RULE: Final = StackRule(
    id="aws-route-gateways",
    title="Routes are resources of their own and lead to Internet and NAT gateways of this stack.",
    why="A peering or a VPN joins somebody else's network to the validators' side of the sentries.",
    remedy="use ec2.Route with gateway_id or nat_gateway_id, and leave out routes and propagating_vgws on ec2.RouteTable",
    severity=Severity.HIGH,
    tags=("exposure", "egress"),
    answers=(
        "CKV2_AWS_35",
        "CKV2_AWS_44",
    ),
    check=_check,
)
