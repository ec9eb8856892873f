"""Networks of DigitalOcean, the private addresses in them, and NAT gateways."""

import pytest

from simcloud.core.errors import CloudError
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import DIGITALOCEAN, REGION, droplet
from tests.simcloud.driver import Cloud, Made, RefusedError, World, paths

PACKAGE = DIGITALOCEAN


def another_vpc(world: World, **changes: object) -> Made:
    other = {"name": "other", "ipRange": "10.3.0.0/20", **changes}
    return world.cloud.create(tokens.VPC, world.sample(tokens.VPC, **other))


def test_the_provider_refuses_a_network_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"name": ""}, "name"),
        ({"region": ""}, "region"),
        ({"description": "x" * 256}, "description"),
        ({"ipRange": "10.2.0.0"}, "ipRange"),
        ({"ipRange": "10.2.0.0/33"}, "ipRange"),
        ({"ipRange": "fd00::/64"}, "ipRange"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.VPC, "x", world.sample(tokens.VPC, **change))
            assert error.value.properties == {refused}


def test_the_cloud_refuses_a_network_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"region": "nyc2"}, "Region is not available"),
        ({"region": "fra9"}, "Region is not available"),
        ({"name": "a_b"}, "VPC name 'a_b' is invalid"),
        ({"ipRange": "10.2.0.1/20"}, "did you mean 10.2.0.0/20"),
        ({"ipRange": "10.2.0.0/15"}, "use /16 to /28"),
        ({"ipRange": "10.2.0.0/29"}, "use /16 to /28"),
        ({"ipRange": "100.64.0.0/20"}, "is not private"),
        ({"ipRange": "172.15.0.0/16"}, "is not private"),
        ({"ipRange": "10.244.16.0/20"}, "keeps for itself"),
        ({"ipRange": "10.246.0.0/16"}, "keeps for itself"),
    ]
    for change, message in cases:
        with subtests.test(change=change):
            with pytest.raises(CloudError, match=message) as error:
                world.cloud.create(tokens.VPC, world.sample(tokens.VPC, **change))
            assert error.value.code == "422"


def test_private_ranges_of_every_size_pass(world: World) -> None:
    for block in ("10.2.0.0/16", "10.3.0.0/28", "172.16.0.0/16", "192.168.255.240/28"):
        name = block.partition("/")[0]
        assert another_vpc(world, name=name, ipRange=block)["ipRange"] == block


def test_ranges_do_not_overlap_in_the_whole_account(world: World) -> None:
    world.have(tokens.VPC)
    with pytest.raises(CloudError, match=r"overlaps with another VPC network in your account, 10\.2\.0\.0/20"):
        another_vpc(world, region="nyc3", ipRange="10.2.8.0/24")
    another_vpc(world, region="nyc3", ipRange="10.2.16.0/24")


def test_default_networks_of_all_regions_are_in_the_way_until_the_account_has_none(world: World) -> None:
    with pytest.raises(CloudError, match="of default-tor1"):
        another_vpc(world, ipRange="10.118.0.0/16")
    world.cloud.ledger.set("digitalocean.default-vpcs", "off")
    another_vpc(world, ipRange="10.118.0.0/16")


def test_names_of_networks_are_unique(world: World) -> None:
    world.have(tokens.VPC)
    other = another_vpc(world)
    with pytest.raises(CloudError, match="409: VPC name 'redoubt' is already in use"):
        another_vpc(world, name="redoubt", ipRange="10.4.0.0/20")
    with pytest.raises(CloudError, match="409: VPC name 'redoubt' is already in use"):
        world.cloud.update(other, world.sample(tokens.VPC, ipRange="10.3.0.0/20"))


def test_a_change_replaces_a_network_only_where_it_does_there(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict]] = [
        ({"ipRange": "10.3.0.0/20"}, {"ipRange": "UPDATE_REPLACE"}),
        ({"region": "nyc3"}, {"region": "UPDATE_REPLACE"}),
        ({"name": "new"}, {"name": "UPDATE"}),
        ({"description": None}, {"description": "DELETE"}),
        ({"ipRange": None}, {}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            assert paths(world.cloud.diff(world.have(tokens.VPC), world.sample(tokens.VPC, **change))) == expected


def test_ranges_that_are_not_given_are_chosen_one_after_the_other(world: World) -> None:
    made = [another_vpc(world, name=f"v{number}", ipRange=None)["ipRange"] for number in range(2)]
    assert made == ["10.130.0.0/20", "10.130.16.0/20"]


def test_when_no_range_is_left_to_choose_one_has_to_be_given(world: World) -> None:
    for block in ("10.130.0.0/16", "10.131.0.0/16"):
        another_vpc(world, name=block.partition("/")[0], ipRange=block)
    with pytest.raises(CloudError, match="422: No range is free for a VPC: give one with ipRange"):
        another_vpc(world, ipRange=None)


def test_the_first_network_of_a_region_without_one_is_its_default_and_stays(world: World) -> None:
    """digitalocean/godo#337, terraform-provider-digitalocean#472."""
    world.cloud.ledger.set("digitalocean.default-vpcs", "off")
    first, second = world.have(tokens.VPC), another_vpc(world)
    assert (first["default"], second["default"]) == (True, False)
    with pytest.raises(CloudError, match="403: Can not delete default VPCs"):
        world.cloud.delete(first)
    world.cloud.delete(second)


def test_what_names_no_network_comes_into_the_regions_default_one(world: World) -> None:
    assert world.have(tokens.VPC)["default"] is False
    inside = [droplet(world, vpcUuid=None, name=name) for name in ("a", "b")]
    default = [vpc for vpc in world.cloud.ledger.records(type=tokens.VPC) if vpc.outputs["default"]]
    assert [(vpc.outputs["name"], vpc.urn) for vpc in default] == [("default-fra1", "")]
    assert {made["vpcUuid"] for made in inside} == {default[0].id}
    assert inside[0]["ipv4AddressPrivate"] == "10.114.0.2"


def test_a_default_network_made_late_takes_no_range_that_is_used(world: World) -> None:
    world.cloud.ledger.set("digitalocean.default-vpcs", "off")
    another_vpc(world, region="nyc3", ipRange="10.114.0.0/16")
    assert droplet(world, vpcUuid=None, region="sfo3")["ipv4AddressPrivate"] == "10.130.0.2"


@pytest.mark.parametrize("member", [tokens.DROPLET, tokens.NAT_GATEWAY])
def test_a_network_with_members_stays(world: World, member: str) -> None:
    made = world.have(member)
    with pytest.raises(CloudError, match=rf"409: Can not delete VPC with members: .* has {made.id}") as error:
        world.cloud.delete(world.have(tokens.VPC))
    assert error.value.retry
    world.cloud.delete(made)
    world.cloud.delete(world.have(tokens.VPC))


def test_private_addresses_are_inside_and_none_comes_back_to_the_next_one(world: World) -> None:
    vpc = another_vpc(world, ipRange="10.5.0.0/28")
    given = []
    for number in range(13):
        made = droplet(world, name=f"d{number}", vpcUuid=vpc.id)
        given.append(made["ipv4AddressPrivate"])
        world.cloud.delete(made)
    assert given == [f"10.5.0.{last}" for last in range(2, 15)]
    assert droplet(world, vpcUuid=vpc.id)["ipv4AddressPrivate"] == "10.5.0.2"


def test_an_address_in_use_is_skipped_and_a_full_network_takes_no_more(world: World) -> None:
    world.cloud.ledger.set("quota.droplets", "20")
    vpc = another_vpc(world, ipRange="10.5.0.0/28")
    kept = [droplet(world, name=f"d{number}", vpcUuid=vpc.id) for number in range(13)]
    with pytest.raises(CloudError, match="has no free address"):
        droplet(world, vpcUuid=vpc.id)
    world.cloud.delete(kept[4])
    assert droplet(world, vpcUuid=vpc.id)["ipv4AddressPrivate"] == "10.5.0.6"


def test_a_gateway_waits_until_it_is_active_and_has_both_addresses(world: World) -> None:
    gateway = world.have(tokens.NAT_GATEWAY)
    assert gateway["state"] == "ACTIVE"
    assert gateway["vpcs"][0]["gatewayIp"] == "10.2.0.2"
    assert gateway["egresses"] == [{"publicGateways": [{"ipv4": "198.18.16.1"}]}]
    assert world.have(tokens.DROPLET)["ipv4AddressPrivate"] == "10.2.0.3"
    assert world.have(tokens.DROPLET)["ipv4Address"] == "198.18.16.2"
    assert (gateway["tcpTimeoutSeconds"], gateway["udpTimeoutSeconds"], gateway["icmpTimeoutSeconds"]) == (
        600,
        30,
        30,
    )


def test_the_provider_refuses_a_gateway_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"vpcs": []}, "vpcs"),
        ({"tcpTimeoutSeconds": 0}, "tcpTimeoutSeconds"),
        ({"projectId": "x"}, "projectId"),
        ({"egresses": [{"publicGateways": [{"ipv4": "198.18.16.9"}]}]}, "egresses"),
        ({"vpcs": [{"vpcUuid": "x", "subnetUuid": "y"}]}, "vpcs[0].subnetUuid"),
        ({"vpcs": [{"vpcUuid": "x", "gatewayIp": "10.2.0.9"}]}, "vpcs[0].gatewayIp"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.NAT_GATEWAY, "x", world.sample(tokens.NAT_GATEWAY, **change))
            assert error.value.properties == {refused}


def test_the_cloud_refuses_a_gateway_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"type": "PRIVATE"}, "422: type 'PRIVATE' is no kind of NAT gateway: use PUBLIC"),
        ({"size": 0}, "422: size 0 is invalid"),
        ({"name": "a_b"}, "422: NAT gateway name 'a_b' is invalid"),
        ({"region": "nyc3"}, "422: VPC .* is in fra1 and the gateway in nyc3"),
        ({"region": "nyc2"}, "422: Region is not available"),
        ({"vpcs": [{"vpcUuid": "no-vpc"}]}, "404: VPC 'no-vpc' not found"),
    ]
    for change, message in cases:
        with subtests.test(change=change), pytest.raises(CloudError, match=message):
            world.cloud.create(tokens.NAT_GATEWAY, world.sample(tokens.NAT_GATEWAY, **change))


def test_a_network_has_one_default_gateway(world: World) -> None:
    world.have(tokens.NAT_GATEWAY)
    vpc = world.have(tokens.VPC).id
    with pytest.raises(CloudError, match=r"has the default gateway .* already"):
        world.cloud.create(tokens.NAT_GATEWAY, world.sample(tokens.NAT_GATEWAY, name="second"))
    plain = world.sample(tokens.NAT_GATEWAY, name="second", vpcs=[{"vpcUuid": vpc}])
    assert world.cloud.create(tokens.NAT_GATEWAY, plain)["vpcs"][0]["defaultGateway"] is False
    with pytest.raises(CloudError, match="409: NAT gateway name 'second' is already in use"):
        world.cloud.create(tokens.NAT_GATEWAY, plain)


def test_an_account_without_gateways_says_so(world: World, cloud: Cloud) -> None:
    cloud.ledger.set("digitalocean.vpc-nat-gateway", "off")
    with pytest.raises(CloudError, match=r"404: .*the account does not have VPC NAT gateways: .*gateway on`"):
        world.have(tokens.NAT_GATEWAY)
    cloud.ledger.set("digitalocean.vpc-nat-gateway", "maybe")
    with pytest.raises(CloudError, match=r"set digitalocean\.vpc-nat-gateway on` or `off`"):
        world.have(tokens.NAT_GATEWAY)
    cloud.ledger.set("digitalocean.vpc-nat-gateway", "on")
    world.have(tokens.NAT_GATEWAY)


def test_properties_of_a_gateway_change_in_place(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict]] = [
        ({"size": 2}, {"size": "UPDATE"}),
        ({"name": "new"}, {"name": "UPDATE"}),
        ({"region": "nyc3"}, {"region": "UPDATE"}),
        ({"udpTimeoutSeconds": 60}, {"udpTimeoutSeconds": "ADD"}),
        ({"tcpTimeoutSeconds": None}, {}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            made = world.have(tokens.NAT_GATEWAY)
            answer = world.cloud.diff(made, world.sample(tokens.NAT_GATEWAY, **change))
            assert (set(paths(answer)), answer.replaces) == (set(expected), [])


def test_another_network_replaces_a_gateway(world: World) -> None:
    made = world.have(tokens.NAT_GATEWAY)
    moved = world.sample(tokens.NAT_GATEWAY, vpcs=[{"vpcUuid": another_vpc(world).id, "defaultGateway": True}])
    assert world.cloud.diff(made, moved).replaces == ["vpcs"]


def test_an_update_sends_no_networks_so_the_default_gateway_is_planned_again(world: World) -> None:
    made = world.have(tokens.NAT_GATEWAY)
    plain = world.sample(tokens.NAT_GATEWAY, size=2, vpcs=[{"vpcUuid": world.have(tokens.VPC).id}])
    after = world.cloud.update(made, plain)
    assert (after["size"], after["vpcs"]) == (2, made["vpcs"])
    assert after["updatedAt"] > made["updatedAt"]
    again = world.cloud.diff(after, plain)
    assert (list(paths(again)), again.replaces) == (["vpcs[0].defaultGateway"], [])


def test_an_update_of_a_gateway_is_refused_as_a_creation_would_be(world: World) -> None:
    made = world.have(tokens.NAT_GATEWAY)
    with pytest.raises(CloudError, match="422: size 0 is invalid"):
        world.cloud.update(made, world.sample(tokens.NAT_GATEWAY, size=0))
    with pytest.raises(CloudError, match=f"cannot leave {REGION}"):
        world.cloud.update(made, world.sample(tokens.NAT_GATEWAY, region="nyc3"))
