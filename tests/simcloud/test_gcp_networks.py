"""GCP's networks, subnets and routes: ranges, the default route, and what keeps them from going."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.gcp import tokens
from simcloud.ledger import Ledger
from tests.simcloud.driver import RefusedError, World, shared
from tests.simcloud.gcp_samples import GCP, PROJECT, REGION, ZONE, instance, make

PACKAGE = GCP


def code_of(world: World, type_: str, **changes: Any) -> str:
    with pytest.raises(CloudError) as error:
        make(world, type_, **changes)
    return error.value.code


@shared([{"autoCreateSubnetworks": None}, {"autoCreateSubnetworks": True}])
def test_auto_mode_is_not_simulated_not_even_by_default(world: World, changes: dict) -> None:
    with pytest.raises(RefusedError, match=r"autoCreateSubnetworks: .*set it to false"):
        world.cloud.check(tokens.NETWORK, "x", world.sample(tokens.NETWORK, **changes))


@shared([("mtu", 1299), ("mtu", 8897), ("name", "Fleet"), ("name", "f" * 64)])
def test_a_network_has_values_within_limits(world: World, name: str, value: Any) -> None:
    with pytest.raises(RefusedError, match=f"{name}: "):
        world.cloud.check(tokens.NETWORK, "x", world.sample(tokens.NETWORK, **{name: value}))


def test_a_network_starts_with_a_default_route_that_goes_with_it_unless_told_otherwise(world: World) -> None:
    network = make(world, tokens.NETWORK, deleteDefaultRoutesOnCreate=False)
    [route] = world.cloud.ledger.records(type=tokens.ROUTE)
    assert route.id.startswith(f"projects/{PROJECT}/global/routes/default-route-")
    assert (route.outputs["network"], route.outputs["priority"]) == (network["selfLink"], 1000)
    world.cloud.delete(network)
    assert world.cloud.ledger.records() == []
    make(world, tokens.NETWORK)
    assert world.cloud.ledger.records(type=tokens.ROUTE) == []


def test_a_project_has_five_networks_until_the_quota_is_raised(world: World, ledger: Ledger) -> None:
    for number in range(5):
        make(world, tokens.NETWORK, name=f"n{number}")
    with pytest.raises(CloudError, match=r"Quota 'NETWORKS' exceeded\. Limit: 5 .*simcloud set quota\.networks N"):
        make(world, tokens.NETWORK)
    make(world, tokens.NETWORK, project="other-project")
    ledger.set("quota.networks", "6")
    make(world, tokens.NETWORK)


@shared(
    [
        ({"mtu": 1500}, []),
        ({"routingMode": "GLOBAL"}, []),
        ({"deleteDefaultRoutesOnCreate": False}, []),
        ({"name": "other"}, ["name"]),
        ({"description": "d"}, ["description"]),
        ({"project": "other-project"}, ["project"]),
    ]
)
def test_what_replaces_a_network(world: World, changes: dict, replaces: list[str]) -> None:
    network = world.have(tokens.NETWORK)
    answer = world.cloud.diff(network, world.sample(tokens.NETWORK, **changes))
    assert (answer.changes, answer.replaces) == (True, replaces)
    if not replaces:
        after = world.cloud.update(network, world.sample(tokens.NETWORK, **changes))
        assert {name: after[name] for name in changes} == changes


def test_comparing_meds_needs_the_standard_mode(world: World) -> None:
    assert code_of(world, tokens.NETWORK, bgpAlwaysCompareMed=True) == "invalid"
    network = make(world, tokens.NETWORK, bgpAlwaysCompareMed=True, bgpBestPathSelectionMode="STANDARD")
    with pytest.raises(CloudError, match="set bgpBestPathSelectionMode to STANDARD"):
        world.cloud.update(network, world.sample(tokens.NETWORK, bgpBestPathSelectionMode="LEGACY"))
    both = {"bgpAlwaysCompareMed": True, "deleteBgpAlwaysCompareMed": True}
    with pytest.raises(RefusedError, match="deleteBgpAlwaysCompareMed"):
        world.cloud.check(tokens.NETWORK, "x", world.sample(tokens.NETWORK, **both))


@pytest.mark.parametrize("user", [tokens.SUBNETWORK, tokens.ROUTER, tokens.FIREWALL, tokens.ROUTE])
def test_a_network_stays_while_something_is_in_it(world: World, user: str) -> None:
    inside = world.have(user)
    with pytest.raises(CloudError, match=r"resourceInUseByAnotherResource: .*delete what uses it first") as error:
        world.cloud.delete(world.have(tokens.NETWORK))
    assert inside.id in str(error.value)
    world.cloud.delete(inside)
    world.cloud.delete(world.have(tokens.NETWORK))


@pytest.mark.parametrize("reference", ["fleet", "global/networks/fleet", f"projects/{PROJECT}/global/networks/fleet"])
def test_a_reference_may_be_a_name_an_id_or_a_link(world: World, reference: str) -> None:
    network = world.have(tokens.NETWORK)
    subnet = make(world, tokens.SUBNETWORK, network=reference)
    assert subnet["network"] == network["selfLink"]
    assert world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK)).changes is False
    if reference != "global/networks/fleet":
        assert world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK, network=reference)).changes is False
    other = world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK, network="other"))
    assert other.replaces == ["network"]


def test_a_subnet_needs_its_network(world: World) -> None:
    assert code_of(world, tokens.SUBNETWORK, network="nowhere") == "notFound"


@shared(["10.1.0.0", "fd20::/64", "10.1.0.0/33", "x"])
def test_a_range_that_is_none_is_refused_at_the_preview(world: World, block: str) -> None:
    with pytest.raises(RefusedError, match=r"ipCidrRange: .*is not an IPv4 range"):
        world.cloud.check(tokens.SUBNETWORK, "x", world.sample(tokens.SUBNETWORK, ipCidrRange=block))


@shared(["10.1.0.1/24", "10.1.0.0/30", "0.0.0.0/7", "169.254.0.0/24", "224.0.0.0/8"])
def test_a_range_that_gcp_cannot_use_is_refused_by_it(world: World, block: str) -> None:
    assert code_of(world, tokens.SUBNETWORK, ipCidrRange=block) == "invalid"


def test_ranges_of_a_network_do_not_overlap_in_any_region(world: World) -> None:
    second = {"secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.2.0.0/16"}]}
    make(world, tokens.SUBNETWORK, **second)
    for block in ("10.1.0.128/25", "10.1.0.0/16", "10.2.3.0/24"):
        assert code_of(world, tokens.SUBNETWORK, name="other", region="us-east1", ipCidrRange=block) == "invalid"
    make(world, tokens.SUBNETWORK, name="other", region="us-east1", ipCidrRange="10.1.1.0/24")
    make(world, tokens.NETWORK, name="second")
    make(world, tokens.SUBNETWORK, name="third", network="second")


@shared(
    [
        [{"rangeName": "pods", "ipCidrRange": "10.1.0.0/25"}],
        [{"rangeName": "pods", "ipCidrRange": "10.2.0.0/24"}, {"rangeName": "pods", "ipCidrRange": "10.3.0.0/24"}],
        [{"rangeName": "a", "ipCidrRange": "10.2.0.0/24"}, {"rangeName": "b", "ipCidrRange": "10.2.0.0/25"}],
    ]
)
def test_secondary_ranges_are_apart_from_each_other_and_the_primary_one(world: World, ranges: list) -> None:
    assert code_of(world, tokens.SUBNETWORK, secondaryIpRanges=ranges) == "invalid"


def test_a_subnet_grows_in_place_and_is_replaced_for_any_other_range(world: World) -> None:
    subnet = world.have(tokens.SUBNETWORK)
    for block, replaces in (("10.1.0.0/23", []), ("10.1.0.0/25", ["ipCidrRange"]), ("10.9.0.0/24", ["ipCidrRange"])):
        assert world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK, ipCidrRange=block)).replaces == replaces
    assert world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK, ipCidrRange=UNKNOWN)).replaces == ["ipCidrRange"]
    grown = world.cloud.update(subnet, world.sample(tokens.SUBNETWORK, ipCidrRange="10.1.0.0/16"))
    assert (grown["ipCidrRange"], grown["gatewayAddress"]) == ("10.1.0.0/16", "10.1.0.1")
    make(world, tokens.SUBNETWORK, name="next", ipCidrRange="10.2.0.0/16")
    with pytest.raises(CloudError, match=r"It overlaps 10\.2\.0\.0/16"):
        world.cloud.update(subnet, world.sample(tokens.SUBNETWORK, ipCidrRange="10.0.0.0/8"))


def test_secondary_ranges_are_matched_by_name_and_stay_when_left_out(world: World) -> None:
    ranges = [{"rangeName": "a", "ipCidrRange": "10.2.0.0/24"}, {"rangeName": "b", "ipCidrRange": "10.3.0.0/24"}]
    subnet = make(world, tokens.SUBNETWORK, secondaryIpRanges=ranges)
    turned = world.sample(tokens.SUBNETWORK, secondaryIpRanges=ranges[::-1])
    assert world.cloud.diff(subnet, turned).changes is False
    assert world.cloud.diff(subnet, world.sample(tokens.SUBNETWORK)).changes is False
    kept = world.cloud.update(subnet, world.sample(tokens.SUBNETWORK, privateIpGoogleAccess=True))
    assert kept["secondaryIpRanges"] == ranges


@shared(
    [
        ({"logConfig": {}}, "logConfig"),
        ({"logConfig": {"flowSampling": 1.5}}, "logConfig.flowSampling"),
        ({"logConfig": {"flowSampling": 1, "metadataFields": ["x"]}}, "logConfig.metadataFields"),
        ({"purpose": "PRIVATE_NAT"}, "purpose"),
        ({"stackType": "IPV4_IPV6"}, "stackType"),
        ({"ipCidrRange": None}, "ipCidrRange"),
        ({"secondaryIpRanges": [{"rangeName": "a", "ipCidrRange": "x"}]}, "secondaryIpRanges[0].ipCidrRange"),
    ]
)
def test_a_bad_subnet_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.SUBNETWORK, "x", world.sample(tokens.SUBNETWORK, **changes))
    assert path in error.value.properties


def test_an_empty_log_config_means_nothing_without_one_of_its_values(world: World) -> None:
    defaulted = world.cloud.check(
        tokens.SUBNETWORK, "x", world.sample(tokens.SUBNETWORK, logConfig={"flowSampling": 1})
    )
    assert defaulted["logConfig"]["aggregationInterval"] == "INTERVAL_5_SEC"


@pytest.mark.parametrize("user", [tokens.INSTANCE, tokens.ROUTER_NAT, "internal"])
def test_a_subnet_stays_while_something_uses_it(world: World, user: str) -> None:
    subnet = world.have(tokens.SUBNETWORK)
    if user == "internal":
        inside = make(world, tokens.ADDRESS, name="in", addressType="INTERNAL", subnetwork=subnet.id)
    else:
        inside = world.have(user)
    with pytest.raises(CloudError, match="resourceInUseByAnotherResource"):
        world.cloud.delete(subnet)
    world.cloud.delete(inside)
    world.cloud.delete(subnet)


@shared(
    [
        ({"network": "nowhere"}, "notFound"),
        ({"destRange": "10.1.0.0/24"}, "invalid"),
        ({"destRange": "10.1.0.16/28"}, "invalid"),
        ({"destRange": "192.0.2.1/24"}, "invalid"),
        ({"destRange": "::/0"}, "invalid"),
        ({"name": "r" * 64}, "invalid"),
        ({"nextHopGateway": None, "nextHopIp": "192.0.2.1"}, "invalid"),
        ({"nextHopGateway": None, "nextHopInstance": "ghost", "nextHopInstanceZone": ZONE}, "notFound"),
    ]
)
def test_a_route_that_gcp_cannot_have_is_refused_by_it(world: World, changes: dict, expected: str) -> None:
    world.have(tokens.SUBNETWORK)
    assert code_of(world, tokens.ROUTE, **changes) == expected


@shared(
    [
        ({"nextHopGateway": None}, "nextHopGateway"),
        ({"nextHopIp": "10.1.0.5"}, "nextHopGateway"),
        ({"nextHopGateway": "my-gateway"}, "nextHopGateway"),
        ({"nextHopGateway": None, "nextHopInstance": "sentry-1"}, "nextHopInstance"),
        ({"priority": 65536}, "priority"),
    ]
)
def test_a_bad_route_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.ROUTE, "x", world.sample(tokens.ROUTE, **changes))
    assert path in error.value.properties


@shared(["name", "destRange", "priority", "tags", "description"])
def test_every_change_replaces_a_route(world: World, name: str) -> None:
    values = {"name": "x", "destRange": "192.0.2.0/24", "priority": 9, "tags": ["a"], "description": "d"}
    answer = world.cloud.diff(world.have(tokens.ROUTE), world.sample(tokens.ROUTE, **{name: values[name]}))
    assert answer.replaces == [name]


def test_a_route_to_an_instance_turns_inactive_when_it_goes(world: World) -> None:
    host = world.have(tokens.INSTANCE)
    hop = {
        "nextHopGateway": None,
        "destRange": "192.0.2.0/24",
        "nextHopInstance": "sentry-1",
        "nextHopInstanceZone": ZONE,
    }
    route = make(world, tokens.ROUTE, **hop)
    assert (route["nextHopInstance"], route["routeStatus"]) == (host["selfLink"], "ACTIVE")
    assert world.cloud.diff(route, world.sample(tokens.ROUTE, **hop)).changes is False
    by_link = {**hop, "nextHopInstance": host["selfLink"], "nextHopInstanceZone": None}
    assert world.cloud.diff(route, world.sample(tokens.ROUTE, **by_link)).changes is False
    make(world, tokens.NETWORK, name="other")
    assert code_of(world, tokens.ROUTE, **{**hop, "name": "r2", "network": "other"}) == "invalid"
    world.cloud.delete(host)
    seen = world.cloud.read(route)
    assert seen is not None
    assert seen["routeStatus"] == "INACTIVE"


def test_a_route_to_an_address_of_the_network_passes(world: World) -> None:
    world.have(tokens.SUBNETWORK)
    route = make(world, tokens.ROUTE, destRange="192.0.2.0/24", nextHopGateway=None, nextHopIp="10.1.0.9")
    assert route["nextHopIp"] == "10.1.0.9"


def test_the_gateway_may_be_a_bare_word(world: World) -> None:
    route = world.have(tokens.ROUTE)
    bare = world.sample(tokens.ROUTE, nextHopGateway="default-internet-gateway")
    assert world.cloud.diff(route, bare).changes is False


def test_a_subnet_of_another_region_is_not_for_an_instance(world: World) -> None:
    other = make(world, tokens.SUBNETWORK, name="east", region="us-east1", ipCidrRange="10.7.0.0/24")
    with pytest.raises(CloudError, match=f"It is not in region {REGION}"):
        world.cloud.create(tokens.INSTANCE, instance(world, networkInterfaces=[{"subnetwork": other.id}]))
