"""IPv6 stays off: routes, denials and the host firewall are written for IPv4, and IPv6 would pass them by."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import ADDRESS, FIREWALL, INSTANCE, NETWORK, ROUTE, SUBNETWORK

IPV4_ONLY: Final = ("", "IPV4_ONLY")
IPV4: Final = ("", "IPV4")
"""What is not set is the provider's default, which is the same."""


def _network(network: Seen) -> Iterator[str]:
    if network.flag("enableUlaInternalIpv6") or network.text("internalIpv6Range"):
        yield "it has a range of internal IPv6 addresses"


def _subnetwork(subnetwork: Seen) -> Iterator[str]:
    if subnetwork.text("stackType") not in IPV4_ONLY:
        yield "its hosts get IPv6 addresses"
    if subnetwork.text("ipv6AccessType"):
        yield "it gives IPv6 addresses out"
    yield from subnetwork.each_block("secondaryIpRanges", _secondary)


def _secondary(secondary: Block) -> Iterator[str]:
    if secondary.text("ipVersion") not in IPV4:
        yield "a secondary range of it is IPv6"


def _instance(instance: Seen) -> Iterator[str]:
    yield from instance.each_block("networkInterfaces", _interface)


def _interface(interface: Block) -> Iterator[str]:
    if interface.text("stackType") not in IPV4_ONLY:
        yield "its interface has IPv6 addresses"
    if any(interface.get(one) for one in ("ipv6AccessConfigs", "ipv6Address", "aliasIpv6Ranges")):
        yield "its interface is given IPv6 addresses"


def _address(address: Seen) -> Iterator[str]:
    if address.text("ipVersion") not in IPV4:
        yield "it is an IPv6 address"


def _route(route: Seen) -> Iterator[str]:
    if ":" in route.text("destRange"):
        yield "it is a route for IPv6"


def _firewall(firewall: Seen) -> Iterator[str]:
    if firewall.get("allows"):
        for path in ("sourceRanges", "destinationRanges"):
            yield from firewall.each_text(path, _range)


def _range(cidr: str) -> Iterator[str]:
    if ":" in cidr:
        yield f"it allows the IPv6 range {cidr}"


LOOKS: Final = {
    NETWORK: _network,
    SUBNETWORK: _subnetwork,
    INSTANCE: _instance,
    ADDRESS: _address,
    ROUTE: _route,
    FIREWALL: _firewall,
}


def _check(resource: Seen) -> Iterator[str]:
    yield from LOOKS[resource.type](resource)


RULE: Final = Rule(
    id="gcp-ipv4-only",
    title="Networks, hosts and what they are allowed are IPv4 alone.",
    why="An IPv6 address on a signer is a public one, which no rule of the plan speaks of.",
    remedy='set stack_type to "IPV4_ONLY" and enable_ula_internal_ipv6 to False, and take IPv6 ranges and addresses out',
    severity=Severity.HIGH,
    tags=("exposure", "egress"),
    answers=("CKV_GCP_76",),
    types=frozenset(LOOKS),
    check=_check,
)
