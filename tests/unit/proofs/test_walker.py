"""The packet walker on fleets of one to three machines, where one sees what must happen."""

from dataclasses import replace
from typing import Any

from fleet.proofs.model import (
    IPV4,
    OPEN,
    Filter,
    Route,
    Tunnel,
    World,
    point,
    span,
)
from tests.support.tiny_worlds import (
    PUBLIC,
    TOO_BIG,
    interface,
    machine,
    packet,
    relaying,
    rule,
    world,
)
from tests.support.walker import Delivery, Packet, walk


def ends(of: World, sent: Packet, *off: str) -> list[tuple[str, str]]:
    return [(one.target, one.place) for one in walk(of, sent, frozenset(off))]


def test_the_first_rule_that_matches_decides_and_the_policy_where_none_does() -> None:
    closed = Filter(incoming=(rule(port=22, accept=False), rule(port=22), rule(port=80)))
    for cloud, port, passes in (
        (closed, 22, False),
        (closed, 80, True),
        (closed, 81, False),
        (replace(closed, accepts_incoming=True), 81, True),
        (replace(closed, accepts_incoming=True), 22, False),
        (None, 22, True),
    ):
        fleet = world(machine("validator", interface(public="198.18.0.1", cloud=cloud)))
        assert bool(ends(fleet, packet("stranger", "198.18.0.1", port))) == passes, (port, cloud)


def test_both_filters_are_asked_and_each_can_be_switched_off() -> None:
    shut = Filter()
    of_cloud = world(machine("validator", interface(public="198.18.0.1", cloud=shut)))
    of_host = world(machine("validator", interface(public="198.18.0.1"), host=shut))
    sent = packet("stranger", "198.18.0.1")
    assert ends(of_cloud, sent) == ends(of_host, sent) == []
    assert ends(of_cloud, sent, "host") == ends(of_host, sent, "cloud") == []
    assert ends(of_cloud, sent, "cloud") == ends(of_host, sent, "host") == [("validator", "interface")]


def test_a_rule_asks_for_protocol_source_source_port_and_own_address() -> None:
    narrow = rule("udp", 53, peers="9.9.9.0/24", source_ports=(53, 53), own=(span("10.0.0.1"),))
    fleet = world(machine("validator", interface(public="198.18.0.1"), host=Filter(incoming=(narrow,))))
    good = packet("stranger", "198.18.0.1", 53, protocol="udp", source_port=53)
    assert ends(fleet, good) == [("validator", "interface")]
    for wrong in (
        {"protocol": "tcp"},
        {"source": point("9.9.8.255")},
        {"source_port": 54},
        {"port": 54},
    ):
        assert ends(fleet, replace(good, **wrong)) == [], wrong


def test_where_the_guest_owns_its_public_address_rules_see_that_one() -> None:
    by_private = Filter(incoming=(rule(port=22, own=(span("10.0.0.1"),)),))
    sent = packet("stranger", "198.18.0.1")
    for owns, passes in ((False, True), (True, False)):
        face = interface(public="198.18.0.1", guest_owns_public=owns)
        assert bool(ends(world(machine("validator", face, host=by_private)), sent)) == passes
        assert bool(ends(world(machine("validator", replace(face, cloud=by_private))), sent)) == passes


def test_icmp_has_types_and_no_source_port() -> None:
    needed = Filter(incoming=(rule("icmp", TOO_BIG, source_ports=(5, 5)),))
    fleet = world(machine("validator", interface(public="198.18.0.1"), host=needed))
    assert ends(fleet, packet("stranger", "198.18.0.1", TOO_BIG, protocol="icmp"))
    assert not ends(fleet, packet("stranger", "198.18.0.1", TOO_BIG - 1, protocol="icmp"))


def test_strangers_come_to_public_addresses_and_neighbours_to_private_ones() -> None:
    fleet = world(machine("sentry", interface(public="198.18.0.1")))
    assert ends(fleet, packet("stranger", "10.0.0.1")) == ends(fleet, packet("nearby", "198.18.0.1")) == []
    assert ends(fleet, packet("nearby", "10.0.0.1")) == ends(fleet, packet("stranger", "198.18.0.1")) != []
    metal = world(machine("sentry", interface(None, "198.18.0.1", has_ipv6=True, network="")))
    assert ends(metal, packet("nearby", "198.18.0.1", source="2001:db8::1")) == []


def test_over_ipv6_an_interface_that_has_it_is_reached_and_rules_for_ipv4_do_not_match() -> None:
    sent = packet("stranger", "10.0.0.1", source="2001:db8::1")
    for has_ipv6, peers, passes in ((True, None, True), (False, None, False), (True, "0.0.0.0/0", False)):
        face = interface(has_ipv6=has_ipv6, cloud=Filter(incoming=(rule(peers=peers),)))
        assert bool(ends(world(machine("validator", face)), sent)) == passes
    own = (rule(own=(span("2001:db8::7"),)),)
    assert ends(world(machine("validator", interface(has_ipv6=True, cloud=Filter(incoming=own)))), sent)


def test_neighbours_in_one_network_meet_with_private_addresses() -> None:
    sender = machine("gateway", interface("10.0.0.2", "198.18.0.2"))
    known = Filter(incoming=(rule(peers="10.0.0.2"),))
    same = machine("validator", interface(cloud=known))
    other = machine("validator", interface(cloud=known, network="another"))
    assert ends(world(sender, same), packet("gateway", "10.0.0.1")) == [("validator", "interface")]
    assert ends(world(sender, other), packet("gateway", "10.0.0.1")) == []
    assert ends(world(sender, same), packet("gateway", "10.0.0.77")) == []


def test_over_the_internet_a_machine_carries_its_public_address_and_needs_one() -> None:
    known = Filter(incoming=(rule(peers="198.18.0.2"),))
    receiver = machine("sentry", interface("10.1.0.1", "198.18.0.1", cloud=known))
    open_road = (PUBLIC,)
    public = machine("gateway", interface("10.0.0.2", "198.18.0.2", routes=open_road))
    private = machine("gateway", interface("10.0.0.2", routes=open_road))
    assert ends(world(public, receiver), packet("gateway", "198.18.0.1")) == [("sentry", "interface")]
    assert ends(world(private, receiver), packet("gateway", "198.18.0.1")) == []
    assert ends(world(public, receiver), packet("gateway", "8.8.8.8")) == [("Internet", "internet")]


def test_behind_nat_a_machine_carries_one_of_the_gateways_addresses() -> None:
    road = Route(to=IPV4, via="nat", addresses=(span("198.18.9.8/31"),))
    sender = machine("monitor", interface("10.0.0.2", routes=(road,)))
    for peers, passes in (("198.18.9.9", True), ("198.18.9.8", True), ("198.18.9.7", False), ("10.0.0.2", False)):
        receiver = machine("sentry", interface("10.1.0.1", "198.18.0.1", cloud=Filter(incoming=(rule(peers=peers),))))
        assert bool(ends(world(sender, receiver), packet("monitor", "198.18.0.1"))) == passes, peers


def test_the_narrowest_route_decides_and_without_one_a_packet_goes_nowhere() -> None:
    narrow = Route(to=span("8.8.8.0/24"), via="local")
    fleet = world(machine("gateway", interface(public="198.18.0.1", routes=(PUBLIC, narrow))))
    assert ends(fleet, packet("gateway", "8.8.8.8")) == []
    assert ends(fleet, packet("gateway", "8.8.9.8")) == [("Internet", "internet")]
    assert ends(world(machine("gateway", interface(routes=()))), packet("gateway", "8.8.8.8")) == []


def test_an_honest_machine_keeps_its_own_filter_and_a_taken_one_only_the_clouds() -> None:
    sent = packet("gateway", "8.8.8.8")
    by_host = world(machine("gateway", interface(public="198.18.0.1"), host=Filter()))
    by_cloud = world(machine("gateway", interface(public="198.18.0.1", cloud=Filter())))
    assert ends(by_host, sent) == ends(by_cloud, sent) == ends(by_cloud, replace(sent, taken=True)) == []
    assert ends(by_host, replace(sent, taken=True)) == [("Internet", "internet")]


def test_a_machine_cannot_send_from_an_address_that_is_not_its_own() -> None:
    fleet = world(machine("gateway", interface(public="198.18.0.1")))
    assert ends(fleet, packet("gateway", "8.8.8.8", source="198.18.0.1", taken=True))
    assert not ends(fleet, packet("gateway", "8.8.8.8", source="198.18.0.2", taken=True))


def test_the_providers_services_are_past_cloud_and_routes_but_not_past_the_host() -> None:
    face = interface(cloud=Filter(), routes=(), provider_services=(span("169.254.0.0/16"),))
    sent = packet("validator", "169.254.169.254", 80)
    assert ends(world(machine("validator", face)), sent) == [("provider", "provider")]
    assert ends(world(machine("validator", face, host=Filter())), sent) == []


def test_a_relay_rewrites_what_it_matches_past_its_own_hosts_filter() -> None:
    sent = packet("far-gateway", "198.18.0.2", 51840, protocol="udp", source_port=51841, taken=True)
    (found,) = walk(relaying(), sent)
    assert found == Delivery(
        target="validator",
        place="interface",
        protocol="udp",
        source=point("10.0.0.2"),
        destination=point("10.0.0.1"),
        port=51820,
    )
    for wrong in ({"port": 51841}, {"source_port": 51842}, {"protocol": "tcp"}):
        assert ends(relaying(), replace(sent, **wrong)) == [], wrong
    assert ends(relaying(forwards=False), sent) == []
    assert ends(relaying(forwards=False, host=OPEN), sent) == [("gateway", "interface")]


def test_what_is_relayed_meets_the_clouds_filter_on_its_way_out() -> None:
    sent = packet("far-gateway", "198.18.0.2", 51840, protocol="udp", source_port=51841, taken=True)
    fleet = relaying()
    gateway = fleet.machine("gateway")
    shut = replace(gateway.interfaces[0], cloud=Filter(accepts_incoming=True))
    machines = [replace(one, interfaces=(shut,)) if one is gateway else one for one in fleet.machines]
    assert ends(world(*machines), sent) == []


def test_a_relay_that_sends_to_itself_comes_to_an_end() -> None:
    fleet = relaying()
    gateway = fleet.machine("gateway")
    circle = replace(gateway.relays[0], target=point("10.0.0.2"), target_port=51840)
    again = replace(circle, source=point("10.0.0.2"), source_port=16384)
    machines = [replace(one, relays=(circle, again)) if one is gateway else one for one in fleet.machines]
    sent = packet("far-gateway", "198.18.0.2", 51840, protocol="udp", source_port=51841, taken=True)
    assert ends(world(*machines), sent) == []


def meshed(*, sends: str = "100.64.0.2/32", takes: str = "100.64.0.1/32", **fields: Any) -> World:
    return world(
        machine("sentry", tunnels=(Tunnel(key="validator", allowed=(span(sends),), endpoint=None),)),
        machine(
            "validator",
            mesh_address=point("100.64.0.2"),
            tunnels=(Tunnel(key="sentry", allowed=(span(takes),), endpoint=None),),
            **fields,
        ),
    )


def test_the_mesh_joins_two_machines_that_both_have_the_tunnel() -> None:
    sent = packet("sentry", "100.64.0.2", 26656)
    assert ends(meshed(), sent) == [("validator", "mesh")]
    assert ends(meshed(sends="100.64.0.3/32"), sent) == ends(meshed(takes="100.64.0.3/32"), sent) == []
    assert ends(meshed(key="another"), sent) == ends(meshed(mesh=Filter()), sent) == []
    assert ends(meshed(mesh=Filter()), sent, "host") == [("validator", "mesh")]
    sender, receiver = meshed().machines
    assert ends(world(replace(sender, key="another"), receiver), sent) == []


def test_in_the_mesh_an_honest_machine_keeps_its_own_filter() -> None:
    sender, receiver = meshed().machines
    fleet = world(replace(sender, mesh=Filter()), receiver)
    sent = packet("sentry", "100.64.0.2", 26656)
    assert ends(fleet, sent) == []
    assert ends(fleet, replace(sent, taken=True)) == ends(fleet, sent, "host") == [("validator", "mesh")]


def test_in_the_mesh_a_taken_machine_speaks_for_all_that_its_peer_allows() -> None:
    trusting = Filter(incoming=(rule(port=1234, peers="100.64.0.7"),))
    sent = packet("sentry", "100.64.0.2", 1234, source="100.64.0.7", taken=True)
    assert ends(meshed(takes="100.64.0.0/24", mesh=trusting), sent) == [("validator", "mesh")]
    assert ends(meshed(mesh=trusting), sent) == []
    assert ends(meshed(takes="100.64.0.0/24", mesh=trusting), replace(sent, taken=False)) == []
    assert ends(meshed(takes="::/0"), replace(sent, source=point("2001:db8::1"))) == []


def test_without_private_addressing_inner_machines_are_on_the_internet() -> None:
    inner = machine("validator", interface())
    assert ends(world(inner), packet("stranger", "10.0.0.1"), "addressing") == [("validator", "interface")]
    assert ends(world(inner), packet("validator", "8.8.8.8")) == []
    assert ends(world(inner), packet("validator", "8.8.8.8"), "addressing") == [("Internet", "internet")]
    public = machine("sentry", interface(public="198.18.0.1"))
    assert ends(world(public), packet("stranger", "10.0.0.1"), "addressing") == []
    stranded = machine("sentry", interface(public="198.18.0.1", routes=()))
    assert ends(world(stranded), packet("sentry", "8.8.8.8"), "addressing") == []
