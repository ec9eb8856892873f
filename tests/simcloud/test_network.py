"""VPCs, subnets, internet gateways: what the provider checks, what AWS refuses, what blocks a deletion."""

import ipaddress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcloud.aws import tokens
from simcloud.aws.account import REGIONS, zones
from simcloud.core.errors import CloudError
from tests.simcloud.driver import RefusedError, World


def code(error: pytest.ExceptionInfo[CloudError]) -> str:
    return error.value.code


@pytest.mark.parametrize("type_", [tokens.VPC, tokens.SUBNET])
@pytest.mark.parametrize(
    ("block", "remedy"),
    [
        ("10.1.0.1/24", "did you mean 10.1.0.0/24"),
        ("10.0.0.0/15", "not between /16 and /28"),
        ("10.1.0.0/29", "not between /16 and /28"),
        ("10.1.0.0", "write it as address/prefix length"),
        ("fd00::/64", "not an IPv4 network address"),
        (None, "cidrBlock: is required"),
    ],
)
def test_a_block_is_a_network_address_of_an_allowed_size(world: World, type_: str, block: str, remedy: str) -> None:
    with pytest.raises(RefusedError, match=remedy):
        world.cloud.check(type_, "x", world.sample(type_, cidrBlock=block))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"vpcId": "vpc-0000000000000dead"}, "InvalidVpcID.NotFound"),
        ({"cidrBlock": "10.2.0.0/24"}, "InvalidSubnet.Range"),
        ({"cidrBlock": "10.1.0.128/25"}, "InvalidSubnet.Conflict"),
        ({"cidrBlock": "10.1.7.0/24", "availabilityZone": "eu-central-1d"}, "InvalidParameterValue"),
        ({"cidrBlock": "10.1.7.0/24", "availabilityZone": "us-east-1a"}, "InvalidParameterValue"),
    ],
)
def test_a_subnet_has_its_place_in_the_vpc(world: World, change: dict, expected: str) -> None:
    world.have(tokens.SUBNET)
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.SUBNET, world.sample(tokens.SUBNET, **change))
    assert code(error) == expected


blocks = st.builds(
    lambda number, length: str(ipaddress.ip_network((0x0A010000 + number, length), strict=False)),
    st.integers(0, 0xFFFF),
    st.integers(20, 28),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(blocks, min_size=2, max_size=5))
def test_no_two_subnets_of_a_vpc_ever_overlap(world: World, wanted: list[str]) -> None:
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    taken: list[ipaddress.IPv4Network] = []
    for block in map(ipaddress.IPv4Network, wanted):
        props = world.sample(tokens.SUBNET, vpcId=vpc.id, cidrBlock=str(block))
        if any(block.overlaps(other) for other in taken):
            with pytest.raises(CloudError, match=r"InvalidSubnet\.Conflict"):
                world.cloud.create(tokens.SUBNET, props)
        else:
            world.cloud.create(tokens.SUBNET, props)
            taken.append(block)
    world.cloud.ledger.purge("unit")
    world.made.clear()


def test_a_subnet_without_a_zone_gets_the_first_and_keeps_it(world: World) -> None:
    props = world.sample(tokens.SUBNET, availabilityZone=None)
    subnet = world.cloud.create(tokens.SUBNET, props)
    assert (subnet["availabilityZone"], subnet["availabilityZoneId"]) == ("eu-central-1a", "euc1-az1")
    assert world.cloud.diff(subnet, props).changes is False


def test_a_zone_can_be_given_by_its_id(world: World) -> None:
    props = world.sample(tokens.SUBNET, availabilityZone=None, availabilityZoneId="euc1-az2")
    assert world.cloud.create(tokens.SUBNET, props)["availabilityZone"] == "eu-central-1b"


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_region_has_zones_with_ids_of_their_own(region: str) -> None:
    assert len(set(zones(region).values())) == len(zones(region)) >= 2
    assert all(zone.startswith(region) for zone in zones(region))


def test_a_dedicated_vpc_becomes_shared_in_place_but_not_the_other_way(world: World) -> None:
    dedicated = world.cloud.create(tokens.VPC, world.sample(tokens.VPC, instanceTenancy="dedicated"))
    assert world.cloud.diff(dedicated, world.sample(tokens.VPC, instanceTenancy="default")).replaces == []
    shared = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    answer = world.cloud.diff(shared, world.sample(tokens.VPC, instanceTenancy="dedicated"))
    assert answer.replaces == ["instanceTenancy"]


def test_a_region_has_a_quota_of_vpcs_that_can_be_raised(world: World) -> None:
    world.cloud.ledger.set("quota.vpcs", "1")
    world.have(tokens.VPC)
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    assert code(error) == "VpcLimitExceeded"
    world.cloud.create(tokens.VPC, world.sample(tokens.VPC, region="eu-west-1"))
    world.cloud.ledger.set("quota.vpcs", "2")
    world.cloud.create(tokens.VPC, world.sample(tokens.VPC))


def test_a_vpc_has_a_quota_of_subnets(world: World) -> None:
    world.cloud.ledger.set("quota.subnets-per-vpc", "1")
    world.have(tokens.SUBNET)
    with pytest.raises(CloudError, match="SubnetLimitExceeded"):
        world.cloud.create(tokens.SUBNET, world.sample(tokens.SUBNET, cidrBlock="10.1.7.0/24"))


def test_a_region_has_a_quota_of_internet_gateways(world: World) -> None:
    for _ in range(5):
        world.cloud.create(tokens.INTERNET_GATEWAY, {})
    with pytest.raises(CloudError, match="InternetGatewayLimitExceeded"):
        world.cloud.create(tokens.INTERNET_GATEWAY, {})


def test_a_vpc_has_one_internet_gateway(world: World) -> None:
    world.have(tokens.INTERNET_GATEWAY)
    with pytest.raises(CloudError, match="already has an internet gateway"):
        world.cloud.create(tokens.INTERNET_GATEWAY, world.sample(tokens.INTERNET_GATEWAY))


def test_an_internet_gateway_moves_to_another_vpc_in_place(world: World) -> None:
    gateway = world.have(tokens.INTERNET_GATEWAY)
    other = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    moved = {"vpcId": other.id}
    assert world.cloud.diff(gateway, moved).replaces == []
    assert world.cloud.update(gateway, moved)["vpcId"] == other.id
    world.cloud.create(tokens.INTERNET_GATEWAY, {"vpcId": world.have(tokens.VPC).id})


@pytest.mark.parametrize(
    "user", [tokens.SUBNET, tokens.INTERNET_GATEWAY, tokens.SECURITY_GROUP, tokens.ROUTE_TABLE, tokens.INSTANCE]
)
def test_a_vpc_stays_while_something_is_in_it(world: World, user: str) -> None:
    world.have(user)
    with pytest.raises(CloudError) as error:
        world.cloud.delete(world.have(tokens.VPC))
    assert code(error) == "DependencyViolation"
    assert error.value.retry


def test_what_comes_with_a_vpc_goes_with_it(world: World) -> None:
    world.cloud.delete(world.have(tokens.VPC))
    assert world.cloud.ledger.records() == []


@pytest.mark.parametrize("user", [tokens.INSTANCE, tokens.NAT_GATEWAY])
def test_a_subnet_stays_while_an_interface_is_in_it(world: World, user: str) -> None:
    made = world.have(user)
    with pytest.raises(CloudError, match="DependencyViolation"):
        world.cloud.delete(world.have(tokens.SUBNET))
    world.cloud.delete(made)
    world.cloud.delete(world.have(tokens.SUBNET))


def test_a_subnet_takes_its_route_table_association_with_it(world: World) -> None:
    association = world.have(tokens.ROUTE_TABLE_ASSOCIATION)
    world.cloud.delete(world.have(tokens.SUBNET))
    assert world.cloud.read(association) is None


@pytest.mark.parametrize("user", [tokens.NAT_GATEWAY, tokens.EIP_ASSOCIATION])
def test_an_internet_gateway_stays_while_public_addresses_are_mapped(world: World, user: str) -> None:
    made = world.have(user)
    gateway = world.have(tokens.INTERNET_GATEWAY)
    with pytest.raises(CloudError, match="DependencyViolation"):
        world.cloud.delete(gateway)
    world.cloud.delete(made)
    world.cloud.delete(gateway)
