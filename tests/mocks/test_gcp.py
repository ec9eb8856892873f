"""What the program asks for on GCP: options and inputs, with known and with unknown outputs, sealed and with NAT."""

import re
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Network

import pulumi
import pytest

from cloudinit.startup_script import startup_script
from components.gcp.site import build
from fleet.cloudrules import GroupRule
from fleet.naming import account_id
from fleet.plan import Plan, plan
from fleet.roles import PROTECTED_ROLES, PUBLIC_ROLES
from ops.recording.answers.gcp import PROJECT_NUMBER
from tests.support.gcp import gcp_fleet, recorded
from tests.support.mocked import Clouds, Recording, Registration, run_any
from tests.support.sites import context_of

INSTANCE = "gcp:compute/instance:Instance"
DISK = "gcp:compute/disk:Disk"
ATTACHMENT = "gcp:compute/attachedDisk:AttachedDisk"
ADDRESS = "gcp:compute/address:Address"
FIREWALL = "gcp:compute/firewall:Firewall"
ACCOUNT = "gcp:serviceaccount/account:Account"
NETWORK = "gcp:compute/network:Network"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
ROUTE = "gcp:compute/route:Route"
NAT = "gcp:compute/routerNat:RouterNat"
RING = "gcp:kms/keyRing:KeyRing"
KEY = "gcp:kms/cryptoKey:CryptoKey"
GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(gcp_fleet(), "testnet")


@pytest.fixture(scope="module")
def known() -> Recording:
    return recorded(preview=False)


@pytest.fixture(scope="module", params=[False, True], ids=["known", "preview"])
def run(request: pytest.FixtureRequest) -> Recording:
    return recorded(preview=request.param)


def kept(one: Registration) -> bool:
    return one.protect and one.retain_on_delete


def host_name(one: Registration) -> str:
    return one.name.removesuffix("-private")


def of_hosts(recording: Recording, planned: Plan) -> list[Registration]:
    types = {INSTANCE, DISK, ATTACHMENT, ADDRESS}
    return [one for one in recording.resources if one.type in types and host_name(one) in planned.host]


def test_every_planned_host_is_one_instance_in_its_zone(run: Recording, planned: Plan) -> None:
    made = {
        one.name: (one.inputs["name"], one.inputs["zone"], one.inputs["machineType"]) for one in run.of_type(INSTANCE)
    }
    assert made == {host.name: (host.full_name, host.zone, host.machine) for host in planned.hosts}


def test_a_preview_asks_for_the_same_resources_as_an_update(known: Recording) -> None:
    def shape(recording: Recording) -> set[tuple[str, bool, bool, tuple[str, ...]]]:
        return {(one.urn, one.protect, one.delete_before_replace, one.ignore_changes) for one in recording.resources}

    assert shape(recorded(preview=True)) == shape(known)


def test_what_must_not_be_lost_is_protected_and_retained_and_nothing_else(run: Recording, planned: Plan) -> None:
    for one in run.resources:
        of_kept_host = one in of_hosts(run, planned) and planned.host[host_name(one)].role in PROTECTED_ROLES
        assert kept(one) is (of_kept_host or one.type in {KEY, GRANT}), one.urn
        assert one.protect is one.retain_on_delete


def test_letting_go_of_a_host_leaves_all_others_kept() -> None:
    planned = plan(gcp_fleet(let_go=["s1-validator-1"]), "testnet")

    def program() -> None:
        site = build(context_of(planned))
        site.furnish(planned, defaultdict(lambda: pulumi.Output.from_input("198.18.0.1")))

    recording = run_any(program, {}, "testnet", Clouds(preview=False, previous_outputs={}))
    for one in of_hosts(recording, planned):
        assert kept(one) is planned.keeps(planned.host[host_name(one)]), one.urn
    locked = {one.name: one.inputs["deletionProtection"] for one in recording.of_type(INSTANCE)}
    assert locked == {host.name: planned.keeps(host) for host in planned.hosts_of(1)}
    assert (locked["s1-validator-1"], locked["s1-cosigner-1"]) == (False, True)


def test_a_new_image_or_script_never_replaces_a_host(run: Recording) -> None:
    for one in run.of_type(INSTANCE):
        assert one.ignore_changes == ("bootDisk.initializeParams.image", 'metadata["startup-script"]', "attachedDisks")
        assert "metadataStartupScript" not in one.inputs


def test_what_holds_a_name_an_address_or_a_disk_goes_first_and_what_holds_data_never(run: Recording) -> None:
    for one in run.resources:
        private = one.type == ADDRESS and one.name.endswith("-private")
        assert one.delete_before_replace is (private or one.type in {INSTANCE, ATTACHMENT}), one.urn


def test_instances_are_shielded_forward_nothing_and_have_an_account_that_may_do_nothing(known: Recording) -> None:
    emails = {one.name: known.outputs[one.urn]["email"] for one in known.of_type(ACCOUNT)}
    for one in known.of_type(INSTANCE):
        assert one.inputs["shieldedInstanceConfig"] == {
            "enableSecureBoot": True,
            "enableVtpm": True,
            "enableIntegrityMonitoring": True,
        }
        assert one.inputs["canIpForward"] is False
        assert one.inputs["allowStoppingForUpdate"] is True
        assert one.inputs["serviceAccount"] == {"email": emails[one.name.rsplit("-", 1)[0]], "scopes": []}


def test_accounts_have_no_role_and_no_key(known: Recording) -> None:
    granting = {one.type for one in known.resources if re.search("iam|serviceaccount/key|IAM", one.type)}
    assert granting == {GRANT}
    for one in known.of_type(ACCOUNT):
        assert one.inputs["accountId"] == account_id("redoubt", "testnet", one.name)
        assert one.inputs["displayName"] == f"redoubt-testnet-{one.name}"


def test_nobody_gets_in_by_way_of_google(run: Recording, planned: Plan) -> None:
    for one in run.of_type(INSTANCE):
        assert one.inputs["metadata"] == {
            "enable-oslogin": "FALSE",
            "block-project-ssh-keys": "TRUE",
            "serial-port-enable": "FALSE",
            "enable-osconfig": "FALSE",
            "enable-guest-attributes": "FALSE",
            "startup-script": startup_script(planned, planned.host[one.name]),
        }


def test_labels_say_fleet_stack_site_and_role(run: Recording, planned: Plan) -> None:
    sites = {site.id: site.label for site in planned.sites}
    for one in of_hosts(run, planned):
        if one.type != ATTACHMENT:
            host = planned.host[host_name(one)]
            assert one.inputs["labels"] == {
                "redoubt-fleet": "redoubt",
                "redoubt-stack": "testnet",
                "redoubt-site": sites[host.site_id],
                "redoubt-role": host.role,
            }


def test_every_disk_is_encrypted_with_the_key_of_its_site(known: Recording, planned: Plan) -> None:
    keys = {one.name.split("-")[0]: known.outputs[one.urn]["id"] for one in known.of_type(KEY)}
    grants = {one.name.split("-")[0]: one.urn for one in known.of_type(GRANT)}
    for one in known.of_type(DISK):
        site = one.name.split("-")[0]
        assert one.inputs["diskEncryptionKey"] == {"kmsKeySelfLink": keys[site]}
        assert one.inputs["zone"] == planned.host[one.name].zone
        assert one.inputs["size"] == planned.host[one.name].data_gb
        assert grants[site] in one.dependencies
    for one in known.of_type(INSTANCE):
        site = one.name.split("-")[0]
        assert one.inputs["bootDisk"]["kmsKeySelfLink"] == keys[site]
        assert one.inputs["bootDisk"]["autoDelete"] is True
        assert one.inputs["bootDisk"]["initializeParams"]["image"].endswith("debian-13-v1")
        assert grants[site] in one.dependencies


def test_data_disks_are_attached_to_their_own_hosts(known: Recording, planned: Plan) -> None:
    attached = {(one.inputs["disk"], one.inputs["instance"]) for one in known.of_type(ATTACHMENT)}
    with_data = [host.name for host in planned.hosts if host.data_gb]
    ids = {(one.type, one.name): known.outputs[one.urn]["id"] for one in known.resources}
    assert attached == {(ids[DISK, name], ids[INSTANCE, name]) for name in with_data}


def test_private_addresses_are_those_of_the_plan_and_reserved(run: Recording, planned: Plan) -> None:
    reserved = {host_name(one): one.inputs for one in run.of_type(ADDRESS) if one.name.endswith("-private")}
    assert {name: inputs["address"] for name, inputs in reserved.items()} == {
        host.name: host.private_address for host in planned.hosts
    }
    assert {(inputs["addressType"], inputs["purpose"]) for inputs in reserved.values()} == {
        ("INTERNAL", "GCE_ENDPOINT")
    }
    for one in run.of_type(INSTANCE):
        (interface,) = one.inputs["networkInterfaces"]
        assert interface["networkIp"] == planned.host[one.name].private_address
        assert interface["stackType"] == "IPV4_ONLY"


def test_public_roles_have_a_static_address_and_private_roles_none(known: Recording, planned: Plan) -> None:
    static = {
        one.name: known.outputs[one.urn]["address"]
        for one in known.of_type(ADDRESS)
        if one.inputs["addressType"] == "EXTERNAL" and not one.name.endswith("-nat")
    }
    assert static.keys() == {host.name for host in planned.hosts if host.role in PUBLIC_ROLES}
    for one in known.of_type(INSTANCE):
        (interface,) = one.inputs["networkInterfaces"]
        configs = interface.get("accessConfigs", [])
        assert [config["natIp"] for config in configs] == [static[name] for name in (one.name,) if name in static]


def test_a_network_has_no_subnet_route_or_ipv6_of_its_own(run: Recording) -> None:
    for one in run.of_type(NETWORK):
        wanted = {
            "autoCreateSubnetworks": False,
            "deleteDefaultRoutesOnCreate": True,
            "routingMode": "REGIONAL",
            "enableUlaInternalIpv6": False,
            "mtu": 1460,
        }
        assert wanted.items() <= one.inputs.items()


def test_subnets_are_as_planned_with_flow_logs_and_google_only_behind_nat(run: Recording, planned: Plan) -> None:
    subnets = {subnet.name: (subnet, site) for site in planned.sites for subnet in site.subnets}
    assert {one.name for one in run.of_type(SUBNET)} == subnets.keys()
    for one in run.of_type(SUBNET):
        subnet, site = subnets[one.name]
        assert (one.inputs["ipCidrRange"], one.inputs["region"]) == (subnet.cidr, site.region)
        assert one.inputs["stackType"] == "IPV4_ONLY"
        assert one.inputs["privateIpGoogleAccess"] is (site.egress == "nat")
        assert one.inputs["logConfig"]["metadata"] == "INCLUDE_ALL_METADATA"


def test_only_public_hosts_have_a_route_out_and_private_ones_where_the_egress_is_nat(
    run: Recording, planned: Plan
) -> None:
    routed = {
        site.name: {one.inputs["tags"][0] for one in run.of_type(ROUTE) if one.name.startswith(site.name)}
        for site in planned.sites
    }
    tags = {one.name: set(one.inputs["tags"]) for one in run.of_type(INSTANCE)}
    for host in planned.hosts:
        site = next(site for site in planned.sites if site.id == host.site_id)
        out = host.role in PUBLIC_ROLES or site.egress == "nat"
        assert bool(tags[host.name] & routed[site.name]) is out, host.name
        assert tags[host.name] == {
            f"redoubt-testnet-{site.name}-{'public' if host.role in PUBLIC_ROLES else 'private'}"
        }
    for one in run.of_type(ROUTE):
        assert (one.inputs["destRange"], one.inputs["nextHopGateway"]) == ("0.0.0.0/0", "default-internet-gateway")


def test_nat_serves_the_private_subnet_alone_behind_its_own_address(known: Recording) -> None:
    (nat,) = known.of_type(NAT)
    assert [one.name for one in known.of_type("gcp:compute/router:Router")] == ["s1-nat"]
    address = known.outputs[known.named(ADDRESS, "s1-nat").urn]["selfLink"]
    subnet = known.outputs[known.named(SUBNET, "s1-private").urn]["id"]
    assert (nat.inputs["natIpAllocateOption"], nat.inputs["natIps"]) == ("MANUAL_ONLY", [address])
    assert nat.inputs["sourceSubnetworkIpRangesToNat"] == "LIST_OF_SUBNETWORKS"
    assert nat.inputs["subnetworks"] == [{"name": subnet, "sourceIpRangesToNats": ["PRIMARY_IP_RANGE"]}]
    assert nat.inputs["logConfig"] == {"enable": True, "filter": "ALL"}


def denials(recording: Recording) -> list[Registration]:
    return [one for one in recording.of_type(FIREWALL) if "denies" in one.inputs]


def allowances(recording: Recording) -> list[Registration]:
    return [one for one in recording.of_type(FIREWALL) if "denies" not in one.inputs]


def test_under_all_firewalls_everything_is_denied_both_ways_for_both_families(run: Recording) -> None:
    for site in ("s1", "s2", "s3"):
        found = {
            (one.inputs["direction"], *one.inputs.get("sourceRanges", []), *one.inputs.get("destinationRanges", []))
            for one in denials(run)
            if one.name.startswith(f"{site}-")
        }
        assert found == {(way, everything) for way in ("INGRESS", "EGRESS") for everything in ("0.0.0.0/0", "::/0")}
    for one in denials(run):
        assert one.inputs["denies"] == [{"protocol": "all"}]
        assert one.inputs["priority"] == 65534
        assert one.inputs["logConfig"] == {"metadata": "INCLUDE_ALL_METADATA"}
        assert not one.inputs.keys() & {"targetServiceAccounts", "targetTags"}
    assert all(one.inputs["priority"] < 65534 for one in allowances(run))


Said = tuple[str, str, str, str, str]
"""Account that it speaks of, direction, protocol, ports, and one peer as a range or an account."""


def rendered(recording: Recording) -> Iterator[Said]:
    for one in allowances(recording):
        (target,) = one.inputs["targetServiceAccounts"]
        (allowed,) = one.inputs["allows"]
        kinds = one.inputs.keys() & {"sourceServiceAccounts", "sourceRanges", "destinationRanges"}
        assert len(kinds) == 1, one.name
        for peer in one.inputs[kinds.pop()]:
            yield target, one.inputs["direction"], allowed["protocol"], "".join(allowed.get("ports", [])), peer


def wanted(rule: GroupRule, planned: Plan, recording: Recording) -> Iterator[Said]:
    emails = {one.name: recording.outputs[one.urn]["email"] for one in recording.of_type(ACCOUNT)}
    ports = f"{rule.first_port}" if rule.first_port == rule.last_port else f"{rule.first_port}-{rule.last_port}"
    peers = [rule.peer]
    if rule.peer_kind == "symbol":
        name = rule.peer.removeprefix("public(").removesuffix(")")
        peers = [f"{recording.outputs[recording.named(ADDRESS, name).urn]['address']}/32"]
    elif rule.peer_kind == "group" and rule.direction == "ingress":
        peers = [emails[rule.peer]]
    elif rule.peer_kind == "group":
        peers = [f"{host.private_address}/32" for host in planned.hosts if host.group == rule.peer]
    for peer in peers:
        yield emails[rule.group], rule.direction.upper(), rule.protocol, "" if rule.protocol == "icmp" else ports, peer


def test_read_back_the_firewalls_say_exactly_what_the_plan_says(known: Recording, planned: Plan) -> None:
    said = list(rendered(known))
    assert set(said) == {one for rule in planned.rules for one in wanted(rule, planned, known)}
    assert len(said) == len(set(said))


def test_only_p2p_and_icmp_are_open_to_the_world(known: Recording) -> None:
    world = {
        (protocol, ports)
        for _, way, protocol, ports, peer in rendered(known)
        if (way, peer) == ("INGRESS", "0.0.0.0/0")
    }
    assert world == {("tcp", "26656"), ("icmp", "")}


def test_a_firewall_holds_ipv4_ranges_no_more_than_gcp_takes_and_says_why(known: Recording) -> None:
    for one in allowances(known):
        ranges = [*one.inputs.get("sourceRanges", []), *one.inputs.get("destinationRanges", [])]
        assert all(IPv4Network(found) for found in ranges)
        assert len(ranges) <= 256
        assert ": " in one.inputs["description"]


def test_no_host_stands_a_moment_without_its_firewalls(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        site, email = one.name.split("-")[0], one.inputs["serviceAccount"]["email"]
        guards = {
            other.urn
            for other in known.of_type(FIREWALL)
            if other.inputs.get("targetServiceAccounts") == [email]
            or (other in denials(known) and other.name.startswith(f"{site}-"))
        }
        assert len(guards) > 4
        assert guards <= set(one.dependencies)


def test_a_rule_about_another_sites_host_carries_that_hosts_static_address(run: Recording) -> None:
    address = run.named(ADDRESS, "s2-gateway-1")
    firewall = run.named(FIREWALL, "s1-gateway-udp-51840-51903-from-ranges")
    assert address.urn in firewall.property_dependencies["sourceRanges"]


def test_keys_rotate_and_only_compute_engine_may_use_them(known: Recording, planned: Plan) -> None:
    for one in known.of_type(KEY):
        assert (one.inputs["rotationPeriod"], one.inputs["destroyScheduledDuration"]) == ("7776000s", "2592000s")
    member = f"serviceAccount:service-{PROJECT_NUMBER}@compute-system.iam.gserviceaccount.com"
    assert {(one.inputs["member"], one.inputs["role"]) for one in known.of_type(GRANT)} == {
        (member, "roles/cloudkms.cryptoKeyEncrypterDecrypter")
    }
    assert [one.inputs["location"] for one in known.of_type(RING)] == [site.region for site in planned.sites]


def test_a_key_rings_name_is_left_to_the_provider_since_gcp_gives_none_out_twice(run: Recording) -> None:
    assert all("name" not in one.inputs for one in run.of_type(RING))
    assert {one.name for one in run.of_type(RING)} == {f"s{site}-redoubt-testnet" for site in (1, 2, 3)}


def test_every_resource_has_its_sites_explicit_provider(run: Recording, planned: Plan) -> None:
    providers = {one.name: one.inputs for one in run.of_type("pulumi:providers:gcp")}
    for site in planned.sites:
        inputs = providers[f"{site.name}-gcp"]
        assert (inputs["project"], inputs["region"]) == (site.account, site.region)
    for one in run.resources:
        if one.custom and one.type.startswith("gcp:"):
            assert f"pulumi:providers:gcp::{one.name.split('-')[0]}-gcp::" in one.provider, one.urn


def test_every_component_registers_its_outputs(run: Recording) -> None:
    assert {one.urn for one in run.resources if not one.custom} <= run.finished


def test_names_that_a_project_shares_carry_fleet_and_stack_and_are_names_for_gcp(run: Recording) -> None:
    found = [(one.type, one.inputs["name"]) for one in run.resources if one.custom and "name" in one.inputs]
    assert len(found) == len(set(found)) > 100
    assert all(re.fullmatch(r"redoubt-testnet-s[0-9]([-a-z0-9]{0,44}[a-z0-9])?", name) for _, name in found)


def test_hosts_are_described_with_their_addresses(known: Recording) -> None:
    hosts = known.stack_outputs["hosts"]
    assert hosts["s1-gateway-1"]["public_address"].startswith("198.18.")
    assert hosts["s1-validator-1"]["private_address"] == "10.1.8.100"
    assert "public_address" not in hosts["s1-validator-1"]
