"""What holds for every fleet: growth renames nothing, nothing overlaps, the same config gives the same bytes."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import reduce
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from operator import getitem
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.addressing import MESH_NETWORK, Symbol
from fleet.hosts import Host
from fleet.plan import Plan, plan
from fleet.problems import FleetError, Problem
from tests.support.samples import Config, committed, four_providers, public_key

CLOUDS = [
    {"provider": "aws", "region": "eu-central-1", "egress": "nat", "quotas": {"elastic_ips": 60}},
    {"provider": "gcp", "region": "europe-west3", "project": "my-project"},
    {"provider": "digitalocean", "region": "fra1"},
]


def metal(site_id: int) -> Config:
    return {
        "id": site_id,
        "name": f"metal{site_id}",
        "provider": "baremetal",
        "location": {"latitude": 50.0, "longitude": 8.0},
        "jump_sites": [10, 20],
        "hosts": [
            {
                "name": f"rack{site_id}",
                "role": "cosigner",
                "address": f"198.19.0.{site_id}",
                "host_key": public_key(f"rack{site_id}"),
            }
        ],
    }


def with_shards(config: Config) -> Config:
    """Appends every cosigner that has no shard yet, as an operator would."""
    shards: list[str] = config["signer"]["shards"]
    for site in config["sites"]:
        found = [f"s{site['id']}-cosigner-1"] if site["provider"] == "baremetal" or site.get("cosigners") else []
        shards += [name for name in found if name not in shards]
    config["signer"]["threshold"] = len(shards) // 2 + 1
    return config


@st.composite
def fleets(draw: st.DrawFn) -> Config:
    """Sound fleets on three clouds and up to two metal sites, one cosigner in each."""
    config = committed("testnet")
    config["signer"] = {"kind": "horcrux", "threshold": 2, "shards": []}
    config["sites"] = [
        {
            "id": 10 * (index + 1),
            "name": f"site{index}",
            **cloud,
            "sentries": draw(st.integers(1 if index == 0 else 0, 4)),
            "validators": draw(st.integers(1 if index == 0 else 0, 1)),
            "monitors": draw(st.integers(0, 1)),
            "cosigners": 1,
        }
        for index, cloud in enumerate(CLOUDS)
    ]
    config["sites"] += [metal(40 + index) for index in range(draw(st.integers(0, 2)))]
    return with_shards(config)


def add_sentry(config: Config) -> None:
    config["sites"][1]["sentries"] += 1


def remove_sentry(config: Config) -> None:
    config["sites"][0]["sentries"] = max(1, config["sites"][0]["sentries"] - 1)


def retire_sentry(config: Config) -> None:
    config["sites"][0]["sentries"] = {"count": config["sites"][0]["sentries"], "retired": [1]}


def add_monitor(config: Config) -> None:
    config["sites"][2]["monitors"] += 1


def add_metal_site(config: Config) -> None:
    config["sites"].append(metal(5))
    with_shards(config)


def remove_metal_sites(config: Config) -> None:
    config["sites"] = config["sites"][:3]
    config["signer"]["shards"] = config["signer"]["shards"][:3]
    config["signer"]["threshold"] = 2


def rename_sites(config: Config) -> None:
    for site in config["sites"]:
        site["name"] = f"renamed-{site['id']}"


CHANGES = [add_sentry, remove_sentry, retire_sentry, add_monitor, add_metal_site, remove_metal_sites, rename_sites]


def identity(host: Host) -> dict[str, Any]:
    """What must never change under a host: all but its place in the signer group, which the config names itself."""
    return {key: value for key, value in asdict(host).items() if key != "shard_id"}


@settings(max_examples=40, deadline=None)
@given(fleets(), st.sampled_from(CHANGES))
def test_growth_and_loss_never_rename_or_renumber_another_host(config: Config, change: Any) -> None:
    before = plan(config, "testnet")
    altered = json.loads(json.dumps(config))
    change(altered)
    after = plan(altered, "testnet")
    for name in before.host.keys() & after.host.keys():
        assert identity(before.host[name]) == identity(after.host[name])
    subnets = {subnet.name: subnet for site in before.sites for subnet in site.subnets}
    for subnet in (subnet for site in after.sites for subnet in site.subnets):
        assert subnets.get(subnet.name, subnet) == subnet
    relays = {(rule.gateway, rule.host, rule.peer): rule for rule in before.relays}
    for rule in after.relays:
        assert relays.get((rule.gateway, rule.host, rule.peer), rule) == rule


@settings(max_examples=40, deadline=None)
@given(fleets())
def test_no_name_address_or_port_is_given_twice(config: Config) -> None:
    planned = plan(config, "testnet")
    for of in (
        [host.name for host in planned.hosts],
        [host.full_name for host in planned.hosts],
        [host.mesh_address for host in planned.hosts],
        [host.private_address for host in planned.hosts if host.private_address],
        [host.public_address for host in planned.hosts if host.public_address],
        [(host.site_id, host.wan_port) for host in planned.hosts if host.wan_port],
        [(rule.gateway, rule.host, rule.lan_port) for rule in planned.relays],
        [rule.key for rule in planned.rules],
        [
            (rule.group, rule.direction, rule.protocol, rule.first_port, rule.last_port, rule.peer)
            for rule in planned.rules
        ],
    ):
        assert [thing for thing, times in Counter(of).items() if times > 1] == []
    by_port = {(rule.gateway, rule.lan_port): rule.peer for rule in planned.relays}
    assert all(by_port[(rule.gateway, rule.lan_port)] == rule.peer for rule in planned.relays)


@settings(max_examples=40, deadline=None)
@given(fleets())
def test_ranges_do_not_overlap_and_addresses_lie_inside_them(config: Config) -> None:
    planned = plan(config, "testnet")
    subnets = {subnet.name: IPv4Network(subnet.cidr) for site in planned.sites for subnet in site.subnets}
    for one, other in combinations(subnets.values(), 2):
        assert not one.overlaps(other)
    for site in planned.sites:
        for subnet in site.subnets:
            assert subnets[subnet.name].subnet_of(IPv4Network(site.cidr or ""))
    for host in planned.hosts:
        assert IPv4Address(host.mesh_address) in MESH_NETWORK
        if isinstance(host.private_address, str):
            subnet = subnets[host.subnet or ""]
            reserved = {*list(subnet)[:4], *list(subnet)[-2:]}
            assert IPv4Address(host.private_address) in subnet
            assert IPv4Address(host.private_address) not in reserved


@settings(max_examples=20, deadline=None)
@given(fleets(), st.randoms(use_true_random=False))
def test_the_same_fleet_gives_the_same_bytes_in_whatever_order_it_is_written(config: Config, random: Any) -> None:
    shuffled = json.loads(json.dumps(config))
    random.shuffle(shuffled["sites"])
    assert plan(config, "testnet").to_json() == plan(shuffled, "testnet").to_json()


@settings(max_examples=40, deadline=None)
@given(fleets())
def test_every_validator_has_cosigners_of_its_own_and_not_all_in_its_site(config: Config) -> None:
    planned = plan(config, "testnet")
    sets = list(planned.signing.dialers.items())
    for one, other in combinations(sets, 2):
        assert not set(one[1]) & set(other[1])
    for validator, dialing in sets:
        assert any(planned.host[name].site_id != planned.host[validator].site_id for name in dialing)
    assert {name for _, dialing in sets for name in dialing} == set(planned.signing.shards)


@settings(max_examples=40, deadline=None)
@given(fleets())
def test_tunnels_exist_only_where_a_mesh_flow_needs_them_and_both_ends_agree(config: Config) -> None:
    planned = plan(config, "testnet")
    for pair in planned.pairs:
        roles = {planned.host[pair.a].role, planned.host[pair.b].role}
        assert roles != {"sentry", "cosigner"}
        assert roles != {"sentry"}
        assert pair.from_a or pair.from_b
    tunnelled = {frozenset((pair.a, pair.b)) for pair in planned.pairs}
    over_mesh = {frozenset((f.source.name, f.destination.name)) for f in planned.flows if f.carrier == "mesh"}
    assert tunnelled == over_mesh


def test_adding_one_sentry_adds_one_host_and_touches_no_cosigner_rule() -> None:
    def rules(planned: Plan) -> set[Any]:
        return {rule for rule in planned.rules if "cosigner" in rule.group}

    config = committed("testnet")
    before = plan(config, "testnet")
    config["sites"][2]["sentries"] = 2
    after = plan(config, "testnet")
    assert after.host.keys() - before.host.keys() == {"s3-sentry-2"}
    assert rules(before) == rules(after)


def test_symbols_stand_for_what_providers_choose_and_for_nothing_else() -> None:
    for host in plan(committed("testnet"), "testnet").hosts:
        kinds = {"aws": str, "gcp": str, "digitalocean": Symbol, "baremetal": type(None)}
        assert isinstance(host.private_address, kinds[host.provider])
        public = Symbol if host.role in ("gateway", "sentry") else type(None)
        assert isinstance(host.public_address, str if host.provider == "baremetal" else public)


def places(value: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Every place in a config, by its path."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in children:
        yield from places(inner, (*path, step))


WRONG = [None, "x", 7, -1, 1.5, True, [], {}, "REPLACE-WITH-x", [{}], {"a": 1}, 10**30, float("nan")]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(list(places(four_providers()))), st.sampled_from(WRONG))
def test_whatever_stands_anywhere_is_planned_or_refused_in_our_words(path: tuple[int | str, ...], wrong: Any) -> None:
    config = four_providers()
    *steps, last = path
    holder: Any = reduce(getitem, steps, config)  # pyright: ignore[reportArgumentType]
    holder[last] = wrong
    for problem in problems(config):
        assert "is not valid (" not in str(problem)
        assert str(problem).count(": ") >= 2


def problems(config: Config) -> tuple[Problem, ...]:
    """What is refused of a config; nothing where it can be planned."""
    try:
        plan(config, "testnet")
    except FleetError as error:
        return error.problems
    return ()
