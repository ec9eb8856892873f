"""What the claims forbid, packet by packet, and the search for a packet that breaks one."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from fleet.proofs.model import (
    IPV4,
    Filter,
    Listener,
    Protocol,
    Route,
    Rule,
    World,
    point,
    span,
)
from fleet.proofs.reading.world import read_world
from tests.support.small_fleets import small_fleet
from tests.support.tiny_worlds import (
    ADMIN,
    INTENT,
    STRANGER,
    TOO_BIG,
    interface,
    machine,
    packet,
    relaying,
    rule,
    world,
)
from tests.support.walker import Delivery
from tests.support.walker_claims import CLAIMS, counterexample, forbidden
from tests.support.walker_search import may_send


def test_senders_outside_have_no_address_of_the_fleet() -> None:
    road = Route(to=IPV4, via="nat", addresses=(span("198.18.9.9"),))
    fleet = world(machine("sentry", interface(public="198.18.0.1", routes=(road,))))
    for sender, source, can in (
        ("stranger", STRANGER, True),
        ("stranger", "198.18.0.1", False),
        ("stranger", "10.0.0.1", False),
        ("stranger", "198.18.9.9", False),
        ("stranger", ADMIN, False),
        ("admin", ADMIN, True),
        ("admin", STRANGER, False),
        ("nearby", ADMIN, True),
        ("nearby", "10.0.0.1", False),
    ):
        sent = packet(sender, "198.18.0.1", source=source)
        assert may_send(fleet, INTENT, sent) == can, (sender, source)


GATEWAY, FAR = machine("gateway"), machine("far-gateway", site="s2")
FLEET = world(
    GATEWAY,
    FAR,
    *(machine(one) for one in ("sentry", "validator", "cosigner", "monitor")),
    machine("other-cosigner", role="cosigner"),
)


@pytest.mark.parametrize(
    ("claim", "sender", "target", "place", "protocol", "port", "wrong"),
    [
        ("a", "stranger", "validator", "interface", "tcp", 26656, True),
        ("a", "nearby", "monitor", "interface", "udp", 51820, True),
        ("a", "stranger", "cosigner", "interface", "icmp", TOO_BIG, False),
        ("a", "stranger", "sentry", "interface", "tcp", 22, False),
        ("b", "stranger", "sentry", "interface", "tcp", 26656, False),
        ("b", "stranger", "sentry", "interface", "udp", 26656, True),
        ("b", "nearby", "sentry", "interface", "tcp", 22, True),
        ("b", "stranger", "gateway", "interface", "tcp", 22, True),
        ("b", "admin", "gateway", "interface", "tcp", 22, False),
        ("b", "admin", "gateway", "interface", "tcp", 3128, True),
        ("b", "admin", "sentry", "interface", "tcp", 22, True),
        ("b", "admin", "validator", "interface", "tcp", 22, True),
        ("b", "stranger", "gateway", "interface", "icmp", TOO_BIG, False),
        ("b", "stranger", "gateway", "interface", "icmp", 8 * 256, True),
        ("e", "gateway", "validator", "interface", "tcp", 22, False),
        ("e", "far-gateway", "validator", "interface", "tcp", 22, False),
        ("e", "far-gateway", "cosigner", "interface", "tcp", 22, True),
        ("e", "sentry", "validator", "interface", "tcp", 22, True),
        ("e", "sentry", "validator", "interface", "udp", 51820, False),
        ("e", "sentry", "validator", "interface", "udp", 51821, True),
        ("e", "validator", "gateway", "interface", "tcp", 3128, False),
        ("e", "validator", "far-gateway", "interface", "tcp", 3128, True),
        ("e", "validator", "gateway", "interface", "udp", 123, False),
        ("e", "far-gateway", "sentry", "interface", "tcp", 26656, False),
        ("e", "sentry", "validator", "interface", "tcp", 26656, True),
        ("e", "sentry", "validator", "mesh", "tcp", 26656, False),
        ("e", "validator", "sentry", "mesh", "tcp", 26656, False),
        ("e", "sentry", "cosigner", "mesh", "tcp", 26656, True),
        ("e", "cosigner", "other-cosigner", "mesh", "tcp", 2222, False),
        ("e", "cosigner", "validator", "mesh", "tcp", 1234, False),
        ("e", "other-cosigner", "validator", "mesh", "tcp", 1234, True),
        ("e", "validator", "cosigner", "mesh", "tcp", 2222, True),
        ("e", "monitor", "cosigner", "mesh", "tcp", 6001, False),
        ("e", "monitor", "validator", "mesh", "tcp", 6001, True),
        ("e", "validator", "monitor", "mesh", "icmp", TOO_BIG, True),
        ("f", "validator", "Internet", "internet", "icmp", TOO_BIG, True),
        ("f", "cosigner", "Internet", "internet", "tcp", 443, False),
        ("f", "validator", "provider", "provider", "tcp", 80, False),
        ("f", "validator", "provider", "provider", "udp", 67, False),
        ("f", "validator", "provider", "provider", "tcp", 123, True),
        ("f", "validator", "gateway", "interface", "udp", 53, True),
        ("f", "validator", "gateway", "interface", "tcp", 3128, False),
        ("g", "stranger", "validator", "interface", "tcp", 1234, True),
        ("g", "cosigner", "validator", "mesh", "tcp", 1234, False),
        ("g", "other-cosigner", "validator", "mesh", "tcp", 1234, True),
        ("g", "other-cosigner", "cosigner", "mesh", "tcp", 2222, False),
        ("g", "monitor", "cosigner", "mesh", "tcp", 2222, True),
        ("g", "monitor", "sentry", "mesh", "tcp", 2222, False),
    ],
)
def test_a_claim_forbids_what_it_says(
    claim: str, sender: str, target: str, place: Any, protocol: Protocol, port: int, wrong: bool
) -> None:
    source = ADMIN if sender == "admin" else STRANGER
    sent = packet(sender, "8.8.8.8", port, protocol=protocol, source=source, taken=claim != "f")
    delivery = Delivery(
        target=target, place=place, protocol=protocol, source=0, destination=point("8.8.8.8"), port=port
    )
    assert forbidden(FLEET, INTENT, sent, delivery, claim) == wrong


def test_the_search_finds_the_one_port_and_the_one_source_that_get_through() -> None:
    hole = Filter(incoming=(rule(port=5555, peers="9.9.9.9"),))
    fleet = world(machine("validator", interface(public="198.18.0.1", cloud=hole)))
    found = counterexample(fleet, INTENT, "a")
    assert found is not None
    assert (found.source, found.port, found.protocol) == (point("9.9.9.9"), 5555, "tcp")
    for shut in (rule(port=5555, peers="198.18.0.1"), rule("icmp", TOO_BIG)):
        closed = replace(fleet.machines[0].interfaces[0], cloud=Filter(incoming=(shut,)))
        assert counterexample(world(machine("validator", closed)), INTENT, "a") is None


def test_a_taken_host_is_not_sealed_and_its_packets_to_the_fleet_do_not_leave() -> None:
    sent = packet("validator", "8.8.8.8", 443)
    left = Delivery(
        target="Internet", place="internet", protocol="tcp", source=0, destination=point("8.8.8.8"), port=443
    )
    assert forbidden(FLEET, INTENT, sent, left, "f")
    assert not forbidden(FLEET, INTENT, replace(sent, taken=True), left, "f")
    known = world(machine("validator"), machine("sentry", interface("10.9.0.1", "198.18.0.9")))
    assert not forbidden(known, INTENT, sent, replace(left, destination=point("10.9.0.1")), "f")


def test_a_claim_says_nothing_of_packets_to_oneself() -> None:
    sent = packet("cosigner", "10.0.0.1", 80, taken=True)
    itself = Delivery(
        target="cosigner", place="interface", protocol="tcp", source=0, destination=point("10.0.0.1"), port=80
    )
    assert not forbidden(FLEET, INTENT, sent, itself, "e")
    assert forbidden(FLEET, INTENT, replace(sent, sender="monitor"), itself, "e")


def test_without_host_firewalls_between_machines_only_what_is_listened_for_counts() -> None:
    def fleet(protocol: Protocol, port: int, *, inside: bool) -> World:
        listener = Listener(name="x", protocol=protocol, port=port, inside=inside)
        hole = Filter(incoming=(rule(protocol, 5555),))
        sender = machine("monitor", interface("10.0.0.2"))
        return world(sender, machine("sentry", interface(cloud=hole), listeners=(listener,)))

    cases: tuple[tuple[Protocol, int, bool, set[str], bool], ...] = (
        ("tcp", 5555, False, {"host"}, True),
        ("tcp", 5556, False, {"host"}, False),
        ("tcp", 5556, False, {"addressing"}, True),
        ("tcp", 5555, True, {"host"}, False),
        ("tcp", 5555, True, {"host", "namespace"}, True),
        ("icmp", 5555, False, {"host"}, False),
        ("icmp", 5555, False, {"namespace"}, True),
    )
    for protocol, port, inside, off, found in cases:
        shown = counterexample(fleet(protocol, port, inside=inside), INTENT, "e", frozenset(off))
        assert (shown is not None) == found, (protocol, port, inside, off)


def test_the_search_follows_sealed_hosts_out_over_nat_and_relays() -> None:
    road = Route(to=span("8.8.8.0/24"), via="nat", addresses=(span("198.18.9.9"),))
    assert counterexample(world(machine("validator", interface(routes=(road,)))), INTENT, "f") is not None
    assert counterexample(world(machine("validator", interface())), INTENT, "f") is None
    known = relaying().machine("gateway").relays[0]
    relay = replace(known, source=point("10.0.0.1"), target=point("8.8.8.8"))
    gateway = machine("gateway", interface("10.0.0.2", "198.18.0.2"), forwards=True, relays=(relay,))
    sealed = machine("validator", interface(), host=Filter(outgoing=(rule("udp", 51840),)))
    assert counterexample(world(gateway, sealed), INTENT, "f") is not None
    assert counterexample(world(replace(gateway, relays=()), sealed), INTENT, "f") is None


def test_the_search_finds_a_resolver_next_door() -> None:
    found = counterexample(
        world(machine("validator", interface()), machine("gateway", interface("10.0.0.2"))), INTENT, "f"
    )
    assert found is not None
    assert found.port == 53


def test_the_search_finds_who_is_relayed() -> None:
    fleet = relaying()
    gateway = fleet.machine("gateway")
    relay = replace(gateway.relays[0], source=point("9.9.9.9"))
    machines = [replace(one, relays=(relay,)) if one is gateway else one for one in fleet.machines]
    assert counterexample(fleet, INTENT, "a") is None
    found = counterexample(world(*machines), INTENT, "a")
    assert found is not None
    assert (found.source, found.source_port, found.port) == (point("9.9.9.9"), 51841, 51840)


def test_the_search_finds_a_source_between_two_that_are_denied() -> None:
    below = Rule(accept=False, protocols=frozenset({"tcp"}), peers=((0, point("9.9.9.8")),), origin="")
    above = replace(below, peers=((point("9.9.9.10"), IPV4[1]),))
    gap = Filter(incoming=(below, above, rule()))
    found = counterexample(world(machine("validator", interface(public="198.18.0.1", cloud=gap))), INTENT, "a")
    assert found is not None
    assert found.source == point("9.9.9.9")


def test_one_number_of_each_piece_finds_what_all_boundaries_find() -> None:
    for seed in (1, 17):
        fleet = small_fleet(Random(seed))
        known = read_world(fleet.resources, fleet.hosts, fleet.files)
        for claim in CLAIMS:
            thin, full = (counterexample(known, fleet.intent, claim, thin=one) for one in (True, False))
            assert (thin is None) == (full is None), (seed, claim)


def test_small_fleets_are_read_are_the_same_again_and_break_some_claims_but_not_all() -> None:
    broken = 0
    for seed in range(12):
        fleet = small_fleet(Random(seed))
        assert fleet == small_fleet(Random(seed))
        known = read_world(fleet.resources, fleet.hosts, fleet.files)
        broken += sum(counterexample(known, fleet.intent, claim) is not None for claim in CLAIMS)
    assert 10 < broken < 45
