"""Route tables, routes and associations."""

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import RefusedError, World, paths

OTHER = {"destinationCidrBlock": "192.0.2.0/24"}


def elsewhere(world: World, type_: str, **props: str) -> str:
    """The id of a resource of the type in another VPC."""
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    return world.cloud.create(type_, {"vpcId": vpc.id, **props}).id


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"routeTableId": "rtb-0000000000000dead"}, "InvalidRouteTableID.NotFound"),
        ({"gatewayId": "igw-0000000000000dead"}, "InvalidGatewayID.NotFound"),
        ({"gatewayId": None, "natGatewayId": "nat-0000000000000dead"}, "InvalidNatGatewayID.NotFound"),
        ({"gatewayId": None, "networkInterfaceId": "eni-000000000000dead"}, "InvalidNetworkInterfaceID.NotFound"),
        ({"destinationCidrBlock": "0.0.0.0/0"}, "RouteAlreadyExists"),
        ({"destinationCidrBlock": "10.1.4.0/24"}, "InvalidParameterValue"),
        ({"destinationCidrBlock": "10.1.0.0/16"}, "InvalidParameterValue"),
    ],
)
def test_a_route_needs_a_target_and_a_free_destination(world: World, change: dict, expected: str) -> None:
    world.have(tokens.ROUTE)
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.ROUTE, world.sample(tokens.ROUTE, **{**OTHER, **change}))
    assert error.value.code == expected
    world.cloud.create(tokens.ROUTE, world.sample(tokens.ROUTE, **OTHER))


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"destinationCidrBlock": "192.0.2.1/24"}, "did you mean 192.0.2.0/24"),
        ({"destinationCidrBlock": None}, "one of destinationCidrBlock"),
        ({"destinationIpv6CidrBlock": "::/0"}, "only one of"),
        ({"gatewayId": None}, "one of carrierGatewayId"),
        ({"natGatewayId": "nat-1"}, "only one of gatewayId, natGatewayId"),
        ({"gatewayId": "local"}, "local cannot be created"),
    ],
)
def test_a_route_has_one_destination_and_one_target(world: World, change: dict, remedy: str) -> None:
    with pytest.raises(RefusedError, match=remedy):
        world.cloud.check(tokens.ROUTE, "x", world.sample(tokens.ROUTE, **change))


def test_a_route_points_into_its_own_vpc(world: World) -> None:
    gateway = elsewhere(world, tokens.INTERNET_GATEWAY)
    with pytest.raises(CloudError, match="belong to different networks"):
        world.cloud.create(tokens.ROUTE, world.sample(tokens.ROUTE, gatewayId=gateway))


def test_a_table_has_a_quota_of_routes(world: World) -> None:
    world.cloud.ledger.set("quota.routes-per-table", "1")
    world.have(tokens.ROUTE)
    with pytest.raises(CloudError, match="RouteLimitExceeded"):
        world.cloud.create(tokens.ROUTE, world.sample(tokens.ROUTE, **OTHER))


def test_a_route_changes_its_target_in_place_and_its_destination_by_replacement(world: World) -> None:
    nat = world.have(tokens.NAT_GATEWAY).id
    route = world.have(tokens.ROUTE)
    to_nat = world.sample(tokens.ROUTE, gatewayId=None, natGatewayId=nat)
    assert paths(world.cloud.diff(route, to_nat)) == {"gatewayId": "DELETE", "natGatewayId": "ADD"}
    updated = world.cloud.update(route, to_nat)
    assert updated["natGatewayId"] == nat
    assert not updated.outputs.get("gatewayId")
    answer = world.cloud.diff(route, world.sample(tokens.ROUTE, destinationCidrBlock="192.0.2.0/24"))
    assert paths(answer) == {"destinationCidrBlock": "UPDATE_REPLACE"}


def test_spellings_of_an_ipv6_destination_are_no_change_and_no_second_route(world: World) -> None:
    long = world.sample(tokens.ROUTE, destinationCidrBlock=None, destinationIpv6CidrBlock="2001:db8:0:0::/64")
    short = {**long, "destinationIpv6CidrBlock": "2001:db8::/64"}
    route = world.cloud.create(tokens.ROUTE, long)
    assert world.cloud.diff(route, short).changes is False
    with pytest.raises(CloudError, match="RouteAlreadyExists"):
        world.cloud.create(tokens.ROUTE, short)


def test_a_route_whose_target_is_gone_is_a_black_hole(world: World) -> None:
    route = world.have(tokens.ROUTE)
    assert route["state"] == "active"
    world.cloud.delete(world.have(tokens.INTERNET_GATEWAY))
    seen = world.cloud.read(route)
    assert seen is not None
    assert seen["state"] == "blackhole"


def test_a_table_takes_its_routes_and_associations_with_it(world: World) -> None:
    route, association = world.have(tokens.ROUTE), world.have(tokens.ROUTE_TABLE_ASSOCIATION)
    world.cloud.delete(world.have(tokens.ROUTE_TABLE))
    assert (world.cloud.read(route), world.cloud.read(association)) == (None, None)


def test_inline_routes_are_checked_like_route_resources(world: World) -> None:
    gateway = world.have(tokens.INTERNET_GATEWAY).id
    inline = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway}]
    table = world.cloud.create(tokens.ROUTE_TABLE, world.sample(tokens.ROUTE_TABLE, routes=inline))
    world.cloud.update(table, world.sample(tokens.ROUTE_TABLE, routes=[*inline, *inline]))
    twice = [*inline, {"cidrBlock": "0.0.0.0/0", "natGatewayId": world.have(tokens.NAT_GATEWAY).id}]
    nowhere = [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0000000000000dead"}]
    for routes, expected in ((twice, "RouteAlreadyExists"), (nowhere, "InvalidGatewayID.NotFound")):
        with pytest.raises(CloudError, match=expected):
            world.cloud.update(table, world.sample(tokens.ROUTE_TABLE, routes=routes))
    more = [{"cidrBlock": "192.0.2.0/24", "gatewayId": gateway}, *inline]
    assert paths(world.cloud.diff(table, world.sample(tokens.ROUTE_TABLE, routes=more))) == {"routes[0]": "ADD"}
    bad = [{"cidrBlock": "192.0.2.9/24", "gatewayId": gateway}]
    with pytest.raises(RefusedError, match=r"routes\[0\].cidrBlock"):
        world.cloud.check(tokens.ROUTE_TABLE, "x", world.sample(tokens.ROUTE_TABLE, routes=bad))
    odd = [{"cidrBlock": "192.0.2.0/24", "transitGatewayId": "tgw-1"}]
    with pytest.raises(RefusedError, match=r"routes\[0\].transitGatewayId: is not simulated"):
        world.cloud.check(tokens.ROUTE_TABLE, "x", world.sample(tokens.ROUTE_TABLE, routes=odd))


def test_inline_routes_and_route_resources_never_meet_on_one_table(world: World) -> None:
    gateway = world.have(tokens.INTERNET_GATEWAY).id
    inline = [{"cidrBlock": "192.0.2.0/24", "gatewayId": gateway}]
    world.have(tokens.ROUTE)
    with pytest.raises(CloudError, match="not both"):
        world.cloud.update(world.have(tokens.ROUTE_TABLE), world.sample(tokens.ROUTE_TABLE, routes=inline))
    table = world.cloud.create(tokens.ROUTE_TABLE, world.sample(tokens.ROUTE_TABLE, routes=inline))
    with pytest.raises(CloudError, match="not both"):
        world.cloud.create(tokens.ROUTE, world.sample(tokens.ROUTE, routeTableId=table.id))


def test_a_subnet_has_one_route_table(world: World) -> None:
    world.have(tokens.ROUTE_TABLE_ASSOCIATION)
    with pytest.raises(CloudError, match=r"Resource\.AlreadyAssociated"):
        world.cloud.create(tokens.ROUTE_TABLE_ASSOCIATION, world.sample(tokens.ROUTE_TABLE_ASSOCIATION))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"subnetId": "subnet-0000000000000dead"}, "InvalidSubnetID.NotFound"),
        ({"routeTableId": "rtb-0000000000000dead"}, "InvalidRouteTableID.NotFound"),
    ],
)
def test_an_association_needs_both_ends(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.ROUTE_TABLE_ASSOCIATION, world.sample(tokens.ROUTE_TABLE_ASSOCIATION, **change))
    assert error.value.code == expected


def test_an_association_moves_to_a_table_of_the_same_vpc_only(world: World) -> None:
    association = world.have(tokens.ROUTE_TABLE_ASSOCIATION)
    second = world.cloud.create(tokens.ROUTE_TABLE, world.sample(tokens.ROUTE_TABLE)).id
    moved = world.sample(tokens.ROUTE_TABLE_ASSOCIATION, routeTableId=second)
    assert paths(world.cloud.diff(association, moved)) == {"routeTableId": "UPDATE"}
    assert world.cloud.update(association, moved)["routeTableId"] == second
    foreign = elsewhere(world, tokens.ROUTE_TABLE)
    with pytest.raises(CloudError, match="belong to different networks"):
        world.cloud.update(association, world.sample(tokens.ROUTE_TABLE_ASSOCIATION, routeTableId=foreign))
