"""Whatever belongs to a network belongs to one that this stack makes: not the project's default, and nobody else's.

Whether it is linked is known in every preview; the network's id is not in the first.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Stack, StackRule
from policies.rules.gcp.tokens import FIREWALL, INSTANCE, NETWORK, ROUTE, ROUTER, SUBNETWORK

PLACES: Final = {
    SUBNETWORK: ("network", NETWORK),
    FIREWALL: ("network", NETWORK),
    ROUTE: ("network", NETWORK),
    ROUTER: ("network", NETWORK),
    INSTANCE: ("networkInterfaces", SUBNETWORK),
}


def _check(stack: Stack) -> Iterator[Finding]:
    for one in stack.of(*PLACES):
        path, wanted = PLACES[one.type]
        if not stack.linked(one, path, wanted):
            yield Finding(one.urn, "it is in a network that this stack does not make")


RULE: Final = StackRule(
    id="gcp-own-network",
    title="Hosts, subnets, routes and firewalls are in networks that the stack makes.",
    why="The default network lets SSH in from everywhere; a firewall in another network holds nothing.",
    remedy="take network, or a network interface's subnetwork, from a resource of the stack",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    answers=("GCP-0010", "compute_network_default_in_use"),
    check=_check,
)
