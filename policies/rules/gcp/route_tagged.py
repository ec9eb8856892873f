"""A route holds for hosts with its tag alone, and leads to the Internet gateway: routes on GCP belong to the whole network."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import ROUTE
from policies.rules.gcp.traffic import count

DETOURS: Final = ("nextHopInstance", "nextHopIp", "nextHopIlb", "nextHopVpnTunnel")


def _check(route: Seen) -> Iterator[str]:
    if count(route, "tags") == 0:
        yield "it holds for every host of the network"

    def detour(hop: str) -> Iterator[str]:
        if route.get(hop):
            yield f"it takes traffic by way of another host ({hop})"

    yield from patiently(DETOURS, detour)


RULE: Final = Rule(
    id="gcp-route-tagged",
    title="A route holds for tagged hosts alone, and none leads through another host.",
    why="A default route for all gives every signer a way out; a detour lets one host read what others send.",
    remedy="set tags to the tag of the public (or NAT) hosts, and next_hop_gateway alone",
    severity=Severity.HIGH,
    tags=("egress", "exposure"),
    types=frozenset({ROUTE}),
    check=_check,
)
