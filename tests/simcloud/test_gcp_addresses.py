"""GCP's routers, NAT gateways and static addresses: one holder for each address, one gateway for each range."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.gcp import tokens
from simcloud.ledger import Ledger
from tests.simcloud import samples
from tests.simcloud.driver import Cloud, Made, RefusedError, World, shared
from tests.simcloud.gcp_samples import GCP, REGION, instance, make
from tests.simcloud.samples import AWS

PACKAGE = GCP
ALL = "ALL_SUBNETWORKS_ALL_IP_RANGES"
AUTO = {"natIpAllocateOption": "AUTO_ONLY", "natIps": None}


def host(world: World, name: str, ip: str | None = None, nat_ip: str | None = None, **access: Any) -> Made:
    """An instance like the sample's, with a public address: a static one, or an ephemeral one without nat_ip."""
    config = {"natIp": nat_ip, **access} if nat_ip else access
    interface = {"subnetwork": world.have(tokens.SUBNETWORK).id, "accessConfigs": [config]}
    interface |= {"networkIp": ip} if ip else {}
    return world.cloud.create(tokens.INSTANCE, instance(world, name=name, networkInterfaces=[interface]))


def public(made: Made) -> str:
    return made["networkInterfaces"][0]["accessConfigs"][0]["natIp"]


def internal(world: World, **changes: Any) -> Made:
    subnet = world.have(tokens.SUBNETWORK).id
    return make(world, tokens.ADDRESS, name="in", addressType="INTERNAL", subnetwork=subnet, **changes)


def test_addresses_of_all_clouds_in_a_ledger_are_different_ones(world: World, ledger: Ledger) -> None:
    aws = World(Cloud(ledger, AWS))
    given = [world.have(tokens.ADDRESS)["address"], public(host(world, "a")), aws.have(samples.tokens.EIP)["publicIp"]]
    make(world, tokens.ROUTER_NAT, **AUTO)
    given.append(make(world, tokens.ADDRESS, name="second")["address"])
    assert given == ["198.18.16.1", "198.18.16.2", "198.18.16.3", "198.18.16.5"]
    world.cloud.delete(world.have(tokens.ADDRESS))
    assert aws.cloud.create(samples.tokens.EIP, {"domain": "vpc"})["publicIp"] == "198.18.16.1"


def test_a_region_has_eight_external_addresses_until_the_quota_is_raised(world: World, ledger: Ledger) -> None:
    for number in range(8):
        make(world, tokens.ADDRESS, name=f"a{number}")
    with pytest.raises(CloudError, match=r"'STATIC_ADDRESSES' exceeded\. Limit: 8 .*set quota\.static-addresses N"):
        make(world, tokens.ADDRESS)
    internal(world)
    make(world, tokens.ADDRESS, region="us-east1")
    make(world, tokens.ADDRESS, project="other-project")
    ledger.set("quota.static-addresses", "9")
    make(world, tokens.ADDRESS)


@shared(
    [
        ({"ipVersion": "IPV6"}, "ipVersion"),
        ({"purpose": "VPC_PEERING"}, "purpose"),
        ({"address": "198.51.100.1"}, "address"),
        ({"networkTier": "GOLD"}, "networkTier"),
        ({"addressType": "PRIVATE"}, "addressType"),
    ]
)
def test_a_bad_address_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.ADDRESS, "x", world.sample(tokens.ADDRESS, **changes))
    assert error.value.properties == {path}


@shared(["10.1.0.0", "10.1.0.1", "10.1.0.254", "10.1.0.255", "10.1.1.4", "x"])
def test_an_internal_address_is_in_its_subnet_and_none_that_gcp_keeps(world: World, address: str) -> None:
    with pytest.raises(CloudError, match=r"use 10\.1\.0\.2 to 10\.1\.0\.253"):
        internal(world, address=address)


def test_an_internal_address_is_chosen_or_given_and_reserved_once(world: World) -> None:
    made = internal(world)
    assert (made["address"], made["networkTier"], made["purpose"]) == ("10.1.0.2", "", "GCE_ENDPOINT")
    assert world.cloud.diff(made, world.sample(tokens.ADDRESS, name="in", addressType="INTERNAL")).changes is False
    for address in ("10.1.0.2", "10.1.0.10"):
        world.have(tokens.INSTANCE)
        with pytest.raises(CloudError, match="resourceInUseByAnotherResource"):
            make(
                world,
                tokens.ADDRESS,
                addressType="INTERNAL",
                subnetwork=world.have(tokens.SUBNETWORK).id,
                address=address,
            )


@shared(
    [
        {"addressType": "INTERNAL"},
        {"addressType": "INTERNAL", "subnetwork": "private", "networkTier": "PREMIUM"},
        {"addressType": "INTERNAL", "subnetwork": "nowhere"},
        {"addressType": "INTERNAL", "subnetwork": f"regions/{REGION}/subnetworks/private", "region": "us-east1"},
        {"subnetwork": "private"},
        {"purpose": "GCE_ENDPOINT"},
    ]
)
def test_an_address_that_gcp_cannot_have_is_refused_by_it(world: World, changes: dict) -> None:
    world.have(tokens.SUBNETWORK)
    with pytest.raises(CloudError):
        make(world, tokens.ADDRESS, **changes)


@shared(["name", "description", "networkTier", "addressType", "region"])
def test_all_but_labels_replace_an_address(world: World, name: str) -> None:
    values = {"networkTier": "STANDARD", "addressType": "INTERNAL", "region": "us-east1"}
    answer = world.cloud.diff(world.have(tokens.ADDRESS), world.sample(tokens.ADDRESS, **{name: values.get(name, "x")}))
    assert answer.replaces == [name]


def test_labels_of_an_address_change_in_place(world: World) -> None:
    made, changed = world.have(tokens.ADDRESS), world.sample(tokens.ADDRESS, labels={"use": "new"})
    assert world.cloud.diff(made, changed).replaces == []
    after = world.cloud.update(made, changed)
    assert (after["labels"], after["effectiveLabels"]["use"]) == ({"use": "new"}, "new")
    assert after["labelFingerprint"] != made["labelFingerprint"]
    assert world.cloud.diff(after, changed).changes is False


def test_an_external_address_has_one_user_and_stays_while_it_has(world: World) -> None:
    address = world.have(tokens.ADDRESS)
    user = host(world, "first", nat_ip=address["address"])
    seen = world.cloud.read(address)
    assert seen is not None
    assert seen["users"] == [user["selfLink"]]
    with pytest.raises(CloudError, match="already being used"):
        host(world, "second", nat_ip=address["address"])
    with pytest.raises(CloudError, match="already being used"):
        make(world, tokens.ROUTER_NAT)
    with pytest.raises(CloudError, match="resourceInUseByAnotherResource"):
        world.cloud.delete(address)
    world.cloud.delete(user)
    world.cloud.delete(address)


@pytest.mark.parametrize("user", ["nat", "reserved"])
def test_an_address_stays_while_a_gateway_or_an_instance_has_it(world: World, user: str) -> None:
    if user == "nat":
        world.have(tokens.ROUTER_NAT)
        address = world.have(tokens.ADDRESS)
    else:
        address = internal(world, address="10.1.0.10")
        world.have(tokens.INSTANCE)
    seen = world.cloud.read(address)
    assert seen is not None
    assert len(seen["users"]) == 1
    with pytest.raises(CloudError, match="resourceInUseByAnotherResource"):
        world.cloud.delete(address)


@pytest.mark.parametrize(
    ("made", "access"),
    [
        ({"region": "us-east1"}, {}),
        ({"networkTier": "STANDARD"}, {}),
        ({"networkTier": "STANDARD"}, {"networkTier": "PREMIUM"}),
    ],
)
def test_an_address_is_for_its_own_region_and_tier(world: World, made: dict, access: dict) -> None:
    address = make(world, tokens.ADDRESS, **made)
    with pytest.raises(CloudError, match="invalid"):
        host(world, "a", nat_ip=address["address"], **access)


def test_an_address_of_nobody_is_refused_and_one_of_the_same_tier_is_not(world: World) -> None:
    with pytest.raises(CloudError, match="It is no static external address of europe-west3"):
        host(world, "a", nat_ip="198.18.16.77")
    standard = make(world, tokens.ADDRESS, networkTier="STANDARD")
    host(world, "a", nat_ip=standard["address"], networkTier="STANDARD")


def test_an_instance_takes_a_reserved_address_only_by_name_and_no_used_one(world: World) -> None:
    internal(world, address="10.1.0.2")
    assert host(world, "auto")["networkInterfaces"][0]["networkIp"] == "10.1.0.3"
    assert host(world, "named", ip="10.1.0.2")["networkInterfaces"][0]["networkIp"] == "10.1.0.2"
    with pytest.raises(CloudError, match="IP_IN_USE_BY_ANOTHER_RESOURCE"):
        host(world, "late", ip="10.1.0.2")
    for outside in ("10.1.0.1", "10.1.0.254", "10.2.0.5"):
        with pytest.raises(CloudError, match=r"use 10\.1\.0\.2 to 10\.1\.0\.253"):
            host(world, "late", ip=outside)


def test_a_full_subnet_is_full(world: World) -> None:
    world.made[tokens.SUBNETWORK] = make(world, tokens.SUBNETWORK, ipCidrRange="10.1.0.0/29")
    for number in range(4):
        host(world, f"h{number}")
    with pytest.raises(CloudError, match="IP_SPACE_EXHAUSTED"):
        host(world, "h4")


@shared(
    [
        ({"network": None}, "network"),
        ({"bgp": {"asn": 1}}, "bgp.asn"),
        ({"bgp": {"asn": 64512, "advertisedGroups": ["ALL_SUBNETS"]}}, "bgp.advertisedGroups"),
        ({"bgp": {"asn": 64512, "advertisedIpRanges": [{"range": "10.0.0.0/8"}]}}, "bgp.advertisedIpRanges"),
        ({"bgp": {"asn": 64512, "keepaliveInterval": 19}}, "bgp.keepaliveInterval"),
        ({"bgp": {"asn": 64512, "identifierRange": "10.0.0.0/30"}}, "bgp.identifierRange"),
        ({"bgp": {"asn": 64512, "identifierRange": "169.254.0.0/31"}}, "bgp.identifierRange"),
    ]
)
def test_a_bad_router_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.ROUTER, "x", world.sample(tokens.ROUTER, **changes))
    assert error.value.properties == {path}


def test_a_router_with_bgp_passes_and_changes_in_place(world: World) -> None:
    bgp = {"asn": 4200000000, "advertiseMode": "CUSTOM", "advertisedGroups": ["ALL_SUBNETS"]}
    router = make(world, tokens.ROUTER, bgp=bgp)
    assert world.cloud.diff(router, world.sample(tokens.ROUTER, bgp={**bgp, "asn": 64512})).replaces == []
    assert world.cloud.diff(router, world.sample(tokens.ROUTER, bgp=bgp, network="other")).replaces == ["network"]


def test_a_network_has_five_routers_in_a_region(world: World) -> None:
    for number in range(5):
        make(world, tokens.ROUTER, name=f"r{number}")
    with pytest.raises(CloudError, match="Quota 'ROUTERS' exceeded"):
        make(world, tokens.ROUTER)
    make(world, tokens.ROUTER, region="us-east1")


def test_a_gateway_goes_with_its_router(world: World) -> None:
    nat = world.have(tokens.ROUTER_NAT)
    world.cloud.delete(world.have(tokens.ROUTER))
    assert world.cloud.read(nat) is None
    world.cloud.delete(world.have(tokens.ADDRESS))


@shared(
    [
        ({"natIpAllocateOption": "AUTO_ONLY"}, "natIps"),
        ({"natIps": None}, "natIps"),
        ({"natIpAllocateOption": None}, "natIpAllocateOption"),
        ({"sourceSubnetworkIpRangesToNat": ALL}, "subnetworks"),
        ({"subnetworks": None}, "subnetworks"),
        ({"subnetworks": [{"name": "s", "sourceIpRangesToNats": ["LIST_OF_SECONDARY_IP_RANGES"]}]}, None),
        (
            {"subnetworks": [{"name": "s", "sourceIpRangesToNats": ["ALL_IP_RANGES"], "secondaryIpRangeNames": ["a"]}]},
            None,
        ),
        (
            {"enableDynamicPortAllocation": True, "enableEndpointIndependentMapping": True},
            "enableEndpointIndependentMapping",
        ),
        ({"maxPortsPerVm": 128}, "maxPortsPerVm"),
        ({"enableDynamicPortAllocation": True, "minPortsPerVm": 48}, "minPortsPerVm"),
        ({"enableDynamicPortAllocation": True, "minPortsPerVm": 16}, "minPortsPerVm"),
        ({"type": "PRIVATE"}, "type"),
        ({"endpointTypes": ["ENDPOINT_TYPE_SWG"]}, "endpointTypes"),
        ({"name": "n"}, "name"),
        ({"logConfig": {"enable": True}}, "logConfig.filter"),
    ]
)
def test_a_bad_gateway_is_refused_at_the_preview(world: World, changes: dict, path: str | None) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.ROUTER_NAT, "x", world.sample(tokens.ROUTER_NAT, **changes))
    assert (path or "subnetworks[0].secondaryIpRangeNames") in error.value.properties


@shared(
    [
        ({"router": "nowhere"}, "notFound"),
        ({"natIps": ["nowhere"]}, "notFound"),
        ({"drainNatIps": ["egress"]}, "invalid"),
        ({"subnetworks": [{"name": "nowhere", "sourceIpRangesToNats": ["PRIMARY_IP_RANGE"]}]}, "notFound"),
    ]
)
def test_a_gateway_needs_what_it_names(world: World, changes: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        make(world, tokens.ROUTER_NAT, **changes)
    assert error.value.code == expected


def test_a_gateways_addresses_are_external_of_its_region_and_of_one_tier(world: World) -> None:
    there = make(world, tokens.ADDRESS, name="there", region="us-east1")
    standard = make(world, tokens.ADDRESS, name="standard", networkTier="STANDARD")
    first = world.have(tokens.ADDRESS)["selfLink"]
    for links in ([there["selfLink"]], [internal(world)["selfLink"]], [first, standard["selfLink"]]):
        with pytest.raises(CloudError, match="natIps"):
            make(world, tokens.ROUTER_NAT, natIps=links)


def test_a_range_is_served_by_one_gateway(world: World) -> None:
    subnet = world.have(tokens.SUBNETWORK)["selfLink"]
    world.have(tokens.ROUTER_NAT)
    other = make(world, tokens.ADDRESS, name="other")["selfLink"]
    again = make(world, tokens.ROUTER, name="again")["name"]
    entries = [{"name": subnet, "sourceIpRangesToNats": ["ALL_IP_RANGES"]}]
    for changes in (
        {},
        {"subnetworks": entries},
        {"subnetworks": None, "sourceSubnetworkIpRangesToNat": ALL},
    ):
        with pytest.raises(CloudError, match="serves"):
            make(world, tokens.ROUTER_NAT, name="second", router=again, natIps=[other], **changes)
    secondary = {"sourceIpRangesToNats": ["LIST_OF_SECONDARY_IP_RANGES"], "secondaryIpRangeNames": ["pods"]}
    entries = [{"name": subnet, **secondary}]
    with pytest.raises(CloudError, match="give each gateway addresses of its own"):
        make(world, tokens.ROUTER_NAT, name="second", subnetworks=entries)
    make(world, tokens.ROUTER_NAT, name="second", router=again, natIps=[other], subnetworks=entries)
    with pytest.raises(CloudError, match="has a NAT with name nat already"):
        make(world, tokens.ROUTER_NAT)


def test_a_gateway_for_all_subnets_is_alone_in_its_network_and_region(world: World) -> None:
    everything = {"sourceSubnetworkIpRangesToNat": ALL, "subnetworks": None, **AUTO}
    make(world, tokens.ROUTER_NAT, **everything)
    with pytest.raises(CloudError, match="one of the two serves all its subnets"):
        make(world, tokens.ROUTER_NAT, name="second")
    router = make(world, tokens.ROUTER, name="east", region="us-east1")["name"]
    make(world, tokens.ROUTER_NAT, router=router, region="us-east1", **everything)


def test_a_gateway_serves_only_subnets_of_its_network(world: World) -> None:
    make(world, tokens.NETWORK, name="other")
    foreign = make(world, tokens.SUBNETWORK, name="foreign", network="other")["selfLink"]
    with pytest.raises(CloudError, match="name subnets of its network"):
        make(world, tokens.ROUTER_NAT, subnetworks=[{"name": foreign, "sourceIpRangesToNats": ["ALL_IP_RANGES"]}])


def test_a_gateway_takes_fifty_subnets(world: World) -> None:
    entries = [{"name": f"s{number}", "sourceIpRangesToNats": ["ALL_IP_RANGES"]} for number in range(51)]
    with pytest.raises(CloudError, match="spread them over several"):
        make(world, tokens.ROUTER_NAT, subnetworks=entries)


def test_a_gateway_without_addresses_of_its_own_is_lent_one(world: World, ledger: Ledger) -> None:
    nat = make(world, tokens.ROUTER_NAT, **AUTO)
    [lent] = ledger.records(type=tokens.EPHEMERAL_ADDRESS)
    assert (lent.address, lent.name) == (lent.outputs["address"], "")
    same = world.cloud.update(nat, world.sample(tokens.ROUTER_NAT, minPortsPerVm=128, **AUTO))
    assert [record.address for record in ledger.records(type=tokens.EPHEMERAL_ADDRESS)] == [lent.address]
    manual = world.cloud.update(same, world.sample(tokens.ROUTER_NAT))
    assert ledger.records(type=tokens.EPHEMERAL_ADDRESS) == []
    world.cloud.delete(manual)


def test_what_replaces_a_gateway_and_what_drains_from_it(world: World) -> None:
    nat = world.have(tokens.ROUTER_NAT)
    for changes, replaces in (
        ({"name": "other"}, ["name"]),
        ({"router": "other"}, ["router"]),
        ({"router": world.have(tokens.ROUTER)["selfLink"]}, []),
        ({"minPortsPerVm": 128}, []),
        ({"udpIdleTimeoutSec": 60}, []),
    ):
        assert world.cloud.diff(nat, world.sample(tokens.ROUTER_NAT, **changes)).replaces == replaces
    assert world.cloud.diff(nat, world.sample(tokens.ROUTER_NAT, natIps=["egress"])).changes is False
    second = make(world, tokens.ADDRESS, name="second")["selfLink"]
    first = world.have(tokens.ADDRESS)["selfLink"]
    moved = world.sample(tokens.ROUTER_NAT, natIps=[second], drainNatIps=[first])
    drained = world.cloud.update(nat, moved)
    assert (drained["natIps"], drained["drainNatIps"]) == ([second], [first])
    stranger = make(world, tokens.ADDRESS, name="third")["selfLink"]
    for links in ([second], [stranger]):
        with pytest.raises(CloudError, match="drainNatIps"):
            world.cloud.update(drained, {**moved, "drainNatIps": links})
