"""What is rendered for each provider and each host, read back, is the flow matrix: no packet more, none less."""

from collections.abc import Iterator

import pytest

from fleet.addressing import Symbol
from fleet.cloudrules import GroupRule
from fleet.flows import Flow, Party, address_of
from fleet.hosts import Host
from fleet.plan import Plan, plan
from fleet.ports import LAN_FIRST, LAN_LAST, WAN_FIRST, WAN_LAST
from fleet.proofs.model import EVERY_PORT, Machine, Protocol, Relay, Spans, span, written
from fleet.proofs.regions import Box, Region, accepted, difference
from ops.prove.rendered import Rendered, rendered
from tests.support.fleets import random_fleet
from tests.support.mocked import run_program

FLEETS = 24
PROTOCOLS: dict[str, Protocol] = {"tcp": "tcp", "udp": "udp", "icmp": "icmp"}
RELAYED = ((WAN_FIRST, WAN_LAST), (LAN_FIRST, LAN_LAST))


def boxes(protocol: str, first: int, last: int, peers: Spans, source_port: int | None = None) -> Iterator[Box]:
    number = (first * 256 + last, first * 256 + last) if protocol == "icmp" else (first, last)
    sources = EVERY_PORT if source_port is None else (source_port, source_port)
    for one in peers:
        yield Box(PROTOCOLS[protocol], one, sources, number)


def same(read: Region, wanted: Region) -> None:
    extra, lacking = difference(read, wanted), difference(wanted, read)
    assert not extra, f"let through and wanted by no row: {extra[:3]}"
    assert not lacking, f"wanted and not let through: {lacking[:3]}"


# Cloud firewalls: the rules of a host's group.


def group_peers(sent: Rendered, rule: GroupRule, *, privately: bool) -> Spans:
    """The addresses that a rule means. DigitalOcean's tags mean the public addresses of their droplets too."""
    if rule.peer_kind == "cidr":
        return (span(rule.peer),)
    if rule.peer_kind == "symbol":
        return (span(sent.addresses[rule.peer]),)
    found: list[Spans] = []
    for host in sent.planned.hosts:
        if host.group == rule.peer:
            addresses = [host.private_address, *([] if privately else [host.public_address])]
            found.append(tuple(span(known(sent, one)) for one in addresses if one is not None))
    return tuple(one for spans in found for one in spans)


def known(sent: Rendered, address: object) -> str:
    return sent.addresses[address.name] if isinstance(address, Symbol) else str(address)


def wanted_of_cloud(sent: Rendered, host: Host, direction: str) -> Region:
    told = host.provider == "aws"  # which tells types of ICMP apart
    return tuple(
        box
        for rule in sent.planned.rules
        if rule.group == host.group and rule.direction == direction and (told or rule.protocol != "icmp")
        for box in boxes(
            rule.protocol,
            rule.first_port,
            rule.last_port,
            group_peers(sent, rule, privately=host.provider != "digitalocean"),
        )
    )


def without_icmp(region: Region) -> Region:
    """GCP and DigitalOcean tell no types of ICMP apart, so a rule for one type opens all."""
    return tuple(box for box in region if box.protocol != "icmp")


# Host firewalls: the rows of the host itself.


def host_peers(sent: Rendered, flow: Flow, party: Party) -> Spans:
    other = sent.planned.host.get(party.name)
    if other is None:
        return tuple(span(one) for one in party.cidrs)
    address = address_of(other, flow.carrier)
    assert address is not None
    within = isinstance(address, Symbol) and flow.carrier == "site"
    return (span(address.within if within and isinstance(address, Symbol) else known(sent, address)),)


def wanted_of_host(sent: Rendered, host: Host, *, inward: bool, on_mesh: bool) -> Region:
    found: list[Box] = []
    for flow in sent.planned.flows:
        mine, other = (flow.destination, flow.source) if inward else (flow.source, flow.destination)
        port = flow.first_port if inward else flow.source_port
        relayed = host.role == "gateway" and any(low <= (port or 0) <= high for low, high in RELAYED)
        if mine.name == host.name and (flow.carrier == "mesh") == on_mesh and not relayed:
            peers = host_peers(sent, flow, other)
            found += boxes(flow.protocol, flow.first_port, flow.last_port, peers, flow.source_port)
    return tuple(found)


@pytest.fixture(scope="module", params=range(FLEETS))
def sent(request: pytest.FixtureRequest) -> Rendered:
    fleet = random_fleet(request.param)
    return rendered(plan(fleet, "testnet"), run_program(fleet))


def whole(relay: Relay) -> tuple[str | int, ...]:
    """A relay with all that it matches and writes."""
    ends = (relay.source, relay.own, relay.target, relay.new_source)
    source, own, target, new_source = (written(one) for one in ends)
    return (source, relay.source_port, own, relay.port, target, relay.target_port, new_source, relay.new_source_port)


def machines(sent: Rendered) -> Iterator[tuple[Host, Machine]]:
    world = sent.world()
    for host in sent.planned.hosts:
        yield host, world.machine(host.name)


def test_cloud_firewalls_read_back_are_the_rules_of_the_plan(sent: Rendered) -> None:
    for host, machine in machines(sent):
        for interface in machine.interfaces:
            if interface.cloud is None:
                assert host.provider == "baremetal"
                continue
            own = interface.address
            for direction, rules, otherwise in (
                ("ingress", interface.cloud.incoming, interface.cloud.accepts_incoming),
                ("egress", interface.cloud.outgoing, interface.cloud.accepts_outgoing),
            ):
                read = accepted(rules, own, otherwise=otherwise)
                same(read if host.provider == "aws" else without_icmp(read), wanted_of_cloud(sent, host, direction))


def test_host_firewalls_read_back_are_the_rows_of_the_matrix(sent: Rendered) -> None:
    for host, machine in machines(sent):
        for on_mesh, found in ((False, machine.host), (True, machine.mesh)):
            for inward, rules in ((True, found.incoming), (False, found.outgoing)):
                wanted = wanted_of_host(sent, host, inward=inward, on_mesh=on_mesh)
                same(accepted(rules, None, otherwise=False), wanted)


def test_relays_and_tunnels_read_back_are_those_of_the_plan(sent: Rendered) -> None:
    planned: Plan = sent.planned
    for host, machine in machines(sent):
        rules = [rule for rule in planned.relays if rule.gateway == host.name]
        inside = known(sent, host.private_address)
        outside = known(sent, host.public_address) if host.provider == "digitalocean" else inside
        wanted: set[tuple[str | int, ...]] = set()
        for rule in rules:
            far, served = known(sent, rule.remote_address), known(sent, planned.host[rule.host].private_address)
            wanted.add((far, rule.remote_port, outside, rule.wan_port, served, 51820, inside, rule.lan_port))
            wanted.add((served, 51820, inside, rule.lan_port, far, rule.remote_port, outside, rule.wan_port))
        assert {whole(relay) for relay in machine.relays} == wanted
        peers = {pair.b if pair.a == host.name else pair.a for pair in planned.pairs if host.name in (pair.a, pair.b)}
        assert {one.allowed for one in machine.tunnels} == {(span(planned.host[name].mesh_address),) for name in peers}
