"""A network has the subnets, routes and ways that this program gives it, and none that Google adds.

With automatic subnets there is one in every region, and default routes give every host a way out.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import NETWORK

ORDER: Final = ("", "AFTER_CLASSIC_FIREWALL")
"""What is not set is the provider's default, which is the same."""


def _check(network: Seen) -> Iterator[str]:
    if network.flag("autoCreateSubnetworks") is not False:
        yield "Google makes it a subnet in every region"
    if network.flag("deleteDefaultRoutesOnCreate") is not True:
        yield "its default route takes every host to the Internet"
    if network.text("routingMode") != "REGIONAL":
        yield "its routes hold in other regions too"
    if network.text("networkFirewallPolicyEnforcementOrder") not in ORDER:
        yield "firewall policies are asked before its firewalls"
    if network.text("name") == "default":
        yield "it is the default network, which comes with open firewalls"


RULE: Final = Rule(
    id="gcp-network-custom",
    title="A network has no automatic subnets and no default routes, and is not the default network.",
    why="A route that nobody planned is the way by which a signer can be reached, or can be made to send.",
    remedy=(
        "set auto_create_subnetworks to False, delete_default_routes_on_create to True and routing_mode to"
        ' "REGIONAL", and leave network_firewall_policy_enforcement_order out'
    ),
    severity=Severity.HIGH,
    tags=("exposure", "egress"),
    answers=("CKV2_GCP_2", "compute_network_not_legacy"),
    types=frozenset({NETWORK}),
    check=_check,
)
