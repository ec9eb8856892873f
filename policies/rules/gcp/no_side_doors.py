"""Of networks and machines the stack makes only the kinds that these rules look at: past them no rule sees anything.

A peering, a VPN or a forwarding rule joins the network to another; a firewall policy may be asked before its firewalls;
an instance from a template is none of those that are looked at.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import (
    ADDRESS,
    ATTACHMENT,
    DISK,
    FIREWALL,
    INSTANCE,
    NAT,
    NETWORK,
    ROUTE,
    ROUTER,
    SUBNETWORK,
)

KNOWN: Final = frozenset({ADDRESS, ATTACHMENT, DISK, FIREWALL, INSTANCE, NAT, NETWORK, ROUTE, ROUTER, SUBNETWORK})
COMPUTE: Final = "gcp:compute/"
OTHER_DOORS: Final = ("gcp:iap/", "gcp:networkconnectivity/", "gcp:servicenetworking/")


def _check(resource: Seen) -> Iterator[str]:
    if resource.type.startswith((COMPUTE, *OTHER_DOORS)) and resource.type not in KNOWN:
        yield f"no rule knows what {resource.type.rpartition(':')[2]} lets in or out"


RULE: Final = Rule(
    id="gcp-no-side-doors",
    title="No peering, VPN, load balancer, firewall policy or other kind of machine goes past the rules for networks.",
    why="Through a peering whoever holds the other network is in the one where the cosigners are.",
    remedy="take it out; sites talk through WireGuard at their gateways",
    severity=Severity.CRITICAL,
    tags=("exposure", "egress"),
    waivable=False,
    types=None,
    check=_check,
)
