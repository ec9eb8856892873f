"""A private host of a sealed site has no tag that a route names: on GCP a tag is what gives a host its way out."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_public
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import INSTANCE, NETWORK, ROUTE
from policies.rules.gcp.traffic import natted_networks


def _check(stack: Stack) -> Iterator[Finding]:
    natted = natted_networks(stack)
    routed = {
        tag
        for route in stack.of(ROUTE)
        if not any(network.urn in natted for network in stack.linked(route, "network", NETWORK))
        for tag in route.texts("tags")
    }

    def look(instance: Seen) -> Iterator[str]:
        if is_public(instance):
            return
        for tag in instance.texts("tags"):
            if tag in routed:
                yield f"its tag {tag} gives it a route to the Internet"

    yield from each(stack.of(INSTANCE), look)


RULE: Final = StackRule(
    id="gcp-route-private-hosts",
    title="No route to the Internet holds for private hosts of a sealed site.",
    why="With a route a slip in one firewall is enough for a signer to send its key shard away.",
    remedy="give private hosts the private tag alone (components.gcp.network.route_tag), or the site egress nat",
    severity=Severity.HIGH,
    tags=("egress",),
    check=_check,
)
