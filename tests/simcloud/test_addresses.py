"""Elastic addresses and NAT gateways: one holder for each address, quotas, and what blocks a release."""

from typing import Any

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import Made, RefusedError, World


def second_instance(world: World) -> Made:
    return world.cloud.create(tokens.INSTANCE, world.sample(tokens.INSTANCE, privateIp="10.1.0.11"))


def test_public_addresses_are_the_lowest_free_and_never_a_network_or_broadcast_address(world: World) -> None:
    world.cloud.ledger.set("quota.elastic-ips", "300")
    eips = [world.cloud.create(tokens.EIP, world.sample(tokens.EIP)) for _ in range(256)]
    given = [eip["publicIp"] for eip in eips]
    assert given[:2] == ["198.18.16.1", "198.18.16.2"]
    assert len(set(given)) == len(given)
    assert not [address for address in given if address.endswith((".0", ".255"))]
    assert given[253:] == ["198.18.16.254", "198.18.17.1", "198.18.17.2"]
    world.cloud.delete(eips[1])
    assert world.cloud.create(tokens.EIP, world.sample(tokens.EIP))["publicIp"] == "198.18.16.2"


def test_a_region_has_five_addresses_until_the_quota_is_raised(world: World) -> None:
    for _ in range(5):
        world.cloud.create(tokens.EIP, world.sample(tokens.EIP))
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.EIP, world.sample(tokens.EIP))
    assert error.value.code == "AddressLimitExceeded"
    assert "set quota.elastic-ips" in str(error.value)
    world.cloud.create(tokens.EIP, world.sample(tokens.EIP, region="us-east-1"))
    world.cloud.ledger.set("quota.elastic-ips", "6")
    world.cloud.create(tokens.EIP, world.sample(tokens.EIP))


def test_an_association_shows_on_the_address_and_on_the_instance_at_the_next_refresh(world: World) -> None:
    association = world.have(tokens.EIP_ASSOCIATION)
    eip, instance = world.have(tokens.EIP), world.have(tokens.INSTANCE)
    assert (association["publicIp"], association["privateIpAddress"]) == (eip["publicIp"], "10.1.0.10")
    seen_eip, seen_instance = world.cloud.read(eip), world.cloud.read(instance)
    assert seen_eip is not None
    assert seen_instance is not None
    assert (seen_eip["instance"], seen_eip["associationId"]) == (instance.id, association.id)
    assert seen_instance["publicIp"] == eip["publicIp"]
    assert seen_instance["publicDns"] == "ec2-198-18-16-1.eu-central-1.compute.amazonaws.com"
    world.cloud.delete(association)
    freed = world.cloud.read(instance)
    assert freed is not None
    assert freed["publicIp"] == ""


@pytest.mark.parametrize("given", [False, None])
def test_an_instance_that_says_no_public_address_beside_an_elastic_one_is_replaced(world: World, given: Any) -> None:
    """terraform-provider-aws#37318: the provider reads the elastic address back as associatePublicIpAddress."""
    props = world.sample(tokens.INSTANCE)
    props = {key: value for key, value in props.items() if key not in ("associatePublicIpAddress", "privateIp")}
    if given is not None:
        props["associatePublicIpAddress"] = given
    instance = world.cloud.create(tokens.INSTANCE, props)
    sample = world.sample(tokens.EIP_ASSOCIATION)
    world.cloud.create(tokens.EIP_ASSOCIATION, {**sample, "instanceId": instance.id})
    assert not world.cloud.diff(instance, props).changes
    seen = world.cloud.read(instance)
    assert seen is not None
    assert bool(world.cloud.diff(seen, props).replaces) is (given is False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"allocationId": "eipalloc-000000000dead"}, "InvalidAllocationID.NotFound"),
        ({"instanceId": "i-0000000000000dead"}, "InvalidInstanceID.NotFound"),
        ({"instanceId": None, "networkInterfaceId": "eni-000000000dead"}, "InvalidNetworkInterfaceID.NotFound"),
    ],
)
def test_an_association_needs_both_ends(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.EIP_ASSOCIATION, world.sample(tokens.EIP_ASSOCIATION, **change))
    assert error.value.code == expected


@pytest.mark.parametrize("missing", ["allocationId", "instanceId"])
def test_an_association_names_both_ends(world: World, missing: str) -> None:
    with pytest.raises(RefusedError) as refused:
        world.cloud.check(tokens.EIP_ASSOCIATION, "x", world.sample(tokens.EIP_ASSOCIATION, **{missing: None}))
    assert missing in refused.value.properties


def test_an_address_is_held_once_where_reassociation_is_not_allowed(world: World) -> None:
    world.have(tokens.EIP_ASSOCIATION)
    other = second_instance(world)
    with pytest.raises(CloudError, match=r"Resource\.AlreadyAssociated"):
        world.cloud.create(
            tokens.EIP_ASSOCIATION,
            world.sample(tokens.EIP_ASSOCIATION, instanceId=other.id, allowReassociation=False),
        )


def test_an_address_moves_where_reassociation_is_allowed_as_it_is_by_default(world: World) -> None:
    first = world.have(tokens.EIP_ASSOCIATION)
    other = second_instance(world)
    world.cloud.create(tokens.EIP_ASSOCIATION, world.sample(tokens.EIP_ASSOCIATION, instanceId=other.id))
    assert world.cloud.read(first) is None
    seen = world.cloud.read(world.have(tokens.INSTANCE))
    assert seen is not None
    assert seen["publicIp"] == ""


@pytest.mark.parametrize("user", [tokens.NAT_GATEWAY, tokens.EIP_ASSOCIATION])
def test_public_addresses_need_an_internet_gateway(world: World, user: str) -> None:
    sample = world.sample(user)
    world.cloud.delete(world.have(tokens.INTERNET_GATEWAY))
    with pytest.raises(CloudError) as error:
        world.cloud.create(user, sample)
    assert error.value.code == "Gateway.NotAttached"


def test_an_address_can_be_associated_in_place_and_moved_in_place(world: World) -> None:
    world.have(tokens.INTERNET_GATEWAY)
    instance, other = world.have(tokens.INSTANCE), second_instance(world)
    eip = world.cloud.create(tokens.EIP, {"domain": "vpc", "instance": instance.id})
    assert eip["privateIp"] == "10.1.0.10"
    moved = {"domain": "vpc", "instance": other.id}
    assert world.cloud.diff(eip, moved).replaces == []
    assert world.cloud.update(eip, moved)["privateIp"] == "10.1.0.11"


@pytest.mark.parametrize(
    ("change", "refused"),
    [({"domain": "standard"}, "domain"), ({"instance": "i-1", "networkInterface": "eni-1"}, "instance")],
)
def test_an_address_is_in_a_vpc_and_at_one_place(world: World, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.EIP, "x", world.sample(tokens.EIP, **change))
    assert error.value.properties == {refused}


def test_releasing_an_address_takes_it_from_the_instance_first(world: World) -> None:
    association = world.have(tokens.EIP_ASSOCIATION)
    world.cloud.delete(world.have(tokens.EIP))
    assert world.cloud.read(association) is None


def test_the_address_of_a_nat_gateway_cannot_be_released_or_shared(world: World) -> None:
    nat = world.have(tokens.NAT_GATEWAY)
    eip = world.have(tokens.EIP)
    assert nat["publicIp"] == eip["publicIp"]
    with pytest.raises(CloudError) as error:
        world.cloud.delete(eip)
    assert error.value.code == "InvalidIPAddress.InUse"
    with pytest.raises(CloudError, match=r"Resource\.AlreadyAssociated.*delete_before_replace"):
        world.cloud.create(tokens.NAT_GATEWAY, world.sample(tokens.NAT_GATEWAY))
    with pytest.raises(CloudError, match=r"Resource\.AlreadyAssociated"):
        world.cloud.create(tokens.EIP_ASSOCIATION, world.sample(tokens.EIP_ASSOCIATION))
    world.cloud.delete(nat)
    world.cloud.delete(eip)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"subnetId": "subnet-000000000dead"}, "InvalidSubnetID.NotFound"),
        ({"allocationId": "eipalloc-000000000dead"}, "InvalidAllocationID.NotFound"),
        ({"privateIp": "10.1.0.3"}, "InvalidParameterValue"),
    ],
)
def test_a_nat_gateway_needs_a_subnet_and_an_address(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.NAT_GATEWAY, world.sample(tokens.NAT_GATEWAY, **change))
    assert error.value.code == expected


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"subnetId": None}, "subnetId"),
        ({"allocationId": None}, "allocationId"),
        ({"connectivityType": "private"}, "allocationId"),
        ({"availabilityMode": "regional"}, "availabilityMode"),
    ],
)
def test_a_nat_gateway_has_what_its_kind_needs(world: World, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.NAT_GATEWAY, "x", world.sample(tokens.NAT_GATEWAY, **change))
    assert error.value.properties == {refused}


def test_a_private_nat_gateway_has_no_public_address(world: World) -> None:
    props = world.sample(tokens.NAT_GATEWAY, connectivityType="private", allocationId=None)
    assert world.cloud.create(tokens.NAT_GATEWAY, props)["publicIp"] == ""


def test_a_zone_has_a_quota_of_nat_gateways(world: World) -> None:
    world.cloud.ledger.set("quota.nat-gateways-per-zone", "1")
    world.have(tokens.NAT_GATEWAY)
    with pytest.raises(CloudError, match="NatGatewayLimitExceeded"):
        world.cloud.create(tokens.NAT_GATEWAY, world.sample(tokens.NAT_GATEWAY))
