"""The cloud firewalls that the program asks of DigitalOcean, read back and compared with the plan, and their tags."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network
from typing import Any

import pytest
from pulumi.output import Unknown

from fleet.cloudrules import GroupRule
from fleet.providers.digitalocean import PEERS_PER_RULE, RULES_PER_FIREWALL
from fleet.roles import PUBLIC_ROLES
from tests.support.digitalocean import DROPLET, FIREWALL, PREFIX, TAG, VOLUME, group_of, planned, recorded
from tests.support.mocked import Recording


@pytest.fixture(scope="module", params=[False, True], ids=["known", "preview"])
def run(request: pytest.FixtureRequest) -> Recording:
    return recorded(preview=request.param)


@pytest.fixture(scope="module")
def known() -> Recording:
    return recorded()


def test_every_tag_is_a_resource_and_names_fleet_stack_site_and_role(run: Recording) -> None:
    groups = {host.group for host in planned().hosts}
    owned = {one.inputs["name"] for one in run.of_type(TAG)}
    assert {one.name for one in run.of_type(TAG)} == groups
    assert owned == {f"{PREFIX}{group}" for group in groups}
    named = [tag for one in run.resources if one.type != TAG for tag in tags_in(one.inputs)]
    assert set(named) <= owned
    assert all(one.inputs["tags"] == [f"{PREFIX}{planned().host[one.name].group}"] for one in run.of_type(VOLUME))


def tags_in(value: Any) -> list[str]:
    """All tags that inputs name, at any depth."""
    if isinstance(value, list):
        return [tag for one in value for tag in tags_in(one)]
    if not isinstance(value, dict):
        return []
    here = [tag for key, tags in value.items() if key.lower().endswith("tags") for tag in tags]
    return here + [tag for key, inner in value.items() if not key.lower().endswith("tags") for tag in tags_in(inner)]


def test_no_droplet_is_made_before_the_firewall_that_matches_its_tag(run: Recording) -> None:
    base = {group_of(one): one for one in run.of_type(FIREWALL) if one.name.endswith("-base")}
    tags = {one.name: one.urn for one in run.of_type(TAG)}
    for one in run.of_type(DROPLET):
        firewall = base[group_of(one)]
        assert firewall.urn in one.dependencies, one.urn
        assert tags[group_of(one)] in one.property_dependencies["tags"]
        assert tags[group_of(firewall)] in firewall.property_dependencies["tags"]


def test_a_base_firewall_waits_for_no_address_so_it_can_be_first(run: Recording) -> None:
    droplets = {one.urn for one in run.of_type(DROPLET)}
    for one in run.of_type(FIREWALL):
        assert bool(droplets & set(one.dependencies)) is one.name.endswith("-peers"), one.urn


Rule = tuple[str, str, str, int, int, str]
"""Group, direction, protocol, ports, and the peer as a range or a group."""


def read_back(recording: Recording, part: str) -> list[Rule]:
    """The rules that firewalls of a part open, one for each peer."""
    found: list[Rule] = []
    for one in recording.of_type(FIREWALL):
        if not one.name.endswith(f"-{part}"):
            continue
        for direction, block, end in (
            ("ingress", "inboundRules", "source"),
            ("egress", "outboundRules", "destination"),
        ):
            for rule in one.inputs[block]:
                assert rule.keys() <= {"protocol", "portRange", f"{end}Addresses", f"{end}Tags"}
                peers = [*rule.get(f"{end}Addresses", []), *rule.get(f"{end}Tags", [])]
                assert peers, f"{one.urn}: {rule} names nobody"
                found += [(group_of(one), direction, rule["protocol"], *ports(rule), peer) for peer in peers]
    return found


def ports(rule: dict[str, Any]) -> tuple[int, int]:
    """First and last port; ICMP has none."""
    assert ("portRange" in rule) is (rule["protocol"] != "icmp")
    first, _, last = rule.get("portRange", "0").partition("-")
    return int(first), int(last or first)


def asked(rules: Iterable[GroupRule], name_of: Callable[[GroupRule], str]) -> set[Rule]:
    """The plan's rules in the same form."""
    found: set[Rule] = set()
    for rule in rules:
        first, last = (0, 0) if rule.protocol == "icmp" else (rule.first_port, rule.last_port)
        found.add((rule.group, rule.direction, rule.protocol, first, last, name_of(rule)))
    return found


def test_base_firewalls_open_exactly_what_the_plan_knows_beforehand(run: Recording) -> None:
    rules = [rule for rule in planned().rules if rule.peer_kind != "symbol"]
    found = read_back(run, "base")
    assert set(found) == asked(rules, lambda rule: f"{PREFIX}{rule.peer}" if rule.peer_kind == "group" else rule.peer)
    assert len(found) == len(set(found))


def test_peer_firewalls_open_exactly_the_addresses_that_droplets_got(known: Recording) -> None:
    addresses = {
        f"public({one.name})": known.outputs[one.urn]["ipv4Address"]
        for one in known.of_type(DROPLET)
        if planned().host[one.name].role in PUBLIC_ROLES
    }
    rules = [rule for rule in planned().rules if rule.peer_kind == "symbol"]
    found = read_back(known, "peers")
    assert set(found) == asked(rules, lambda rule: f"{addresses[rule.peer]}/32")
    assert len(found) == len(set(found))
    assert len(set(addresses.values())) == len(addresses)


def test_a_preview_leaves_unknown_addresses_unknown_instead_of_dropping_them() -> None:
    rules = [rule for rule in planned().rules if rule.peer_kind == "symbol"]
    found = [peer for *_, peer in read_back(recorded(preview=True), "peers")]
    assert len(found) == len(
        {(rule.group, rule.direction, rule.protocol, rule.first_port, rule.peer) for rule in rules}
    )
    assert all(isinstance(peer, Unknown) for peer in found)


def test_a_direction_protocol_and_port_range_has_one_rule_within_the_limits(run: Recording) -> None:
    for one in run.of_type(FIREWALL):
        assert 0 < len(one.inputs["inboundRules"]) + len(one.inputs["outboundRules"]) <= RULES_PER_FIREWALL
        for block in ("inboundRules", "outboundRules"):
            heads = [(rule["protocol"], rule.get("portRange")) for rule in one.inputs[block]]
            assert len(heads) == len(set(heads))
            assert all(len(peers) <= PEERS_PER_RULE for rule in one.inputs[block] for peers in rule.values())
        assert len(one.inputs["tags"]) == 1
        assert "dropletIds" not in one.inputs


def test_no_firewall_names_an_ipv6_range_so_nothing_of_ipv6_is_let_through(known: Recording) -> None:
    ranges = [peer for part in ("base", "peers") for *_, peer in read_back(known, part) if not peer.startswith(PREFIX)]
    assert ranges
    for one in ranges:
        IPv4Network(one)


def test_only_p2p_and_icmp_are_open_to_the_world(known: Recording) -> None:
    world = {
        (protocol, first, last)
        for _, direction, protocol, first, last, peer in read_back(known, "base")
        if direction == "ingress" and peer == "0.0.0.0/0"
    }
    assert world == {("tcp", 26656, 26656), ("icmp", 0, 0)}
