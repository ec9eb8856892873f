"""Private subnets have no way to the Internet but what their site's egress says."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.roles import is_public
from policies.rule import Finding, Seen, Stack, StackRule, each

ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
TABLE: Final = "aws:ec2/routeTable:RouteTable"
ROUTE: Final = "aws:ec2/route:Route"
SUBNET: Final = "aws:ec2/subnet:Subnet"
INSTANCE: Final = "aws:ec2/instance:Instance"
NAT: Final = "natGatewayId"
TARGETS: Final = (
    "gatewayId",
    "egressOnlyGatewayId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
    "networkInterfaceId",
    "vpcEndpointId",
    "carrierGatewayId",
    "localGatewayId",
    "coreNetworkArn",
)
"""What a route can lead to, beside a NAT gateway."""
GCP_ROUTE: Final = "gcp:compute/route:Route"
GCP_INSTANCE: Final = "gcp:compute/instance:Instance"
CLOUD_NATS: Final = {
    "aws:ec2/natGateway:NatGateway",
    "gcp:compute/routerNat:RouterNat",
    "digitalocean:index/vpcNatGateway:VpcNatGateway",
}


def _check(stack: Stack) -> Iterator[Finding]:
    sites = planned(stack).sites
    sealed = {f"s{site.id}" for site in sites if site.egress == "sealed"}
    natted = {f"s{site.id}" for site in sites if site.egress == "nat"}
    for one in stack.of(*CLOUD_NATS):
        if one.name.partition("-")[0] in sealed:
            yield Finding(one.urn, "the egress of its site is sealed, and this is a way out")
    private = _private_tables(stack)
    yield from each(stack.of(ROUTE), lambda one: _aws(stack, one, private))
    carried = {tag for one in stack.of(GCP_INSTANCE) for tag in one.texts("tags")}
    private_tags = {tag for one in stack.of(GCP_INSTANCE) if not is_public(one) for tag in one.texts("tags")}
    for route in stack.of(GCP_ROUTE):
        of_private = set[str]() if route.name.partition("-")[0] in natted else private_tags
        yield from each([route], lambda one, of_private=of_private: _gcp(one, carried, of_private))


def _private_tables(stack: Stack) -> set[str]:
    """URNs of the route tables of subnets in which a private host stands."""
    inhabited = {
        subnet.urn
        for one in stack.of(INSTANCE)
        if not is_public(one)
        for subnet in stack.linked(one, "subnetId", SUBNET)
    }
    return {
        table.urn
        for one in stack.of(ASSOCIATION)
        if inhabited & {subnet.urn for subnet in stack.linked(one, "subnetId", SUBNET)}
        for table in stack.linked(one, "routeTableId", TABLE)
    }


def _aws(stack: Stack, route: Seen, private: set[str]) -> Iterator[str]:
    if not private & {table.urn for table in stack.linked(route, "routeTableId", TABLE)}:
        return
    given = set(route.values)  # asking a mapping for an unknown key would defer
    for target in TARGETS:
        if target in given:
            yield f"it leads private hosts to a {target}"


def _gcp(route: Seen, carried: set[str], private_tags: set[str]) -> Iterator[str]:
    tags = set(route.texts("tags"))
    if not tags:
        yield "it names no tags, so it holds for every host of the network"
    elif tags & private_tags or tags - carried:
        yield "it has a tag that a private host carries, or that no host carries yet"


RULE: Final = StackRule(
    id="fleet-private-routes",
    title="A private subnet has no route but what the egress of its site says.",
    why="A host without a way out cannot fetch an attacker's tools, nor send a key away.",
    remedy="set egress of the site in the stack file; a route to anything else has no place in a private subnet",
    severity=Severity.CRITICAL,
    tags=("egress", "exposure"),
    waivable=False,
    check=_check,
)
