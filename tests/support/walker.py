"""Walks one packet through a fleet, step by step: slow and obvious, to test a prover that reasons about all at once.

It shares with the prover nothing but the readers and their model. It follows packets that open a connection, takes
the tunnels' outer packets for granted, and does not model forwarding other than by a relay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from fleet.proofs.model import (
    IPV4,
    IPV6,
    OPEN,
    Filter,
    Interface,
    Machine,
    Protocol,
    Relay,
    Route,
    Rule,
    Span,
    Spans,
    World,
)

OUTSIDERS: Final = ("stranger", "admin", "nearby")
LAYERS: Final = ("cloud", "host", "addressing", "namespace")
NOTHING_OFF: Final[frozenset[str]] = frozenset()
MOST_RELAYS: Final = 8
"""A packet that was relayed more often than that runs in circles."""
UNNAMED: Final = IPV4[1] - 1
"""Stands for the address of a NAT gateway whose address nobody knows."""

Place = Literal["interface", "mesh", "internet", "provider"]


@dataclass(frozen=True, kw_only=True)
class Packet:
    """One packet that opens a connection.

    Attributes:
        sender: `stranger`, `admin`, `nearby`, or the name of a machine.
        taken: For a machine: somebody else is root on it, and its own filters are switched off.
        source: As the receiver sees it; None for a machine: whatever it carries on the way that it takes.
        destination: Over IPv6 from outside, either an IPv6 address, which may be that of any interface that has one,
            or an IPv4 address of an interface, which stands for the interface.
        port: For ICMP type * 256 + code.
    """

    sender: str
    protocol: Protocol
    destination: int
    port: int
    source: int | None = None
    source_port: int = 40000
    taken: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Where a packet ended.

    Attributes:
        target: A machine's name, `Internet`, or `provider`.
        destination: As the packet carried it at the end, after every relay; so are the source and the port.
    """

    target: str
    place: Place
    protocol: Protocol
    source: int
    destination: int
    port: int


@dataclass(frozen=True, kw_only=True)
class _Flight:
    """A packet on its way, with all that a filter may look at."""

    protocol: Protocol
    source: int
    source_port: int
    destination: int
    port: int
    relayed: int = 0


def inside(spans: Iterable[Span], number: int) -> bool:
    """Whether a number lies in one of some ranges."""
    for first, last in spans:  # noqa: SIM110 - a generator takes twice as long
        if first <= number <= last:
            return True
    return False


def is_ipv6(address: int) -> bool:
    """Whether an address is of IPv6."""
    return address >= IPV6[0]


def walk(world: World, packet: Packet, off: frozenset[str] = NOTHING_OFF) -> list[Delivery]:
    """Every place where a packet may end; none when it is stopped or goes nowhere.

    It does not ask whether such a sender has such an address: `tests.support.walker_claims.may_send` does.

    Args:
        off: Layers that are switched off, of `LAYERS`.
    """
    if packet.sender in OUTSIDERS:
        found = _from_outside(world, packet, off)
    else:
        machine = world.machine(packet.sender)
        found = [*_through_the_mesh(world, machine, packet, off), *_over_interfaces(world, machine, packet, off)]
    return list(dict.fromkeys(found))


def public_address(interface: Interface, off: frozenset[str]) -> int | None:
    """Where the Internet reaches an interface: with the addressing switched off, at its private address if need be."""
    if interface.public is None and "addressing" in off:
        return interface.address
    return interface.public


def _from_outside(world: World, packet: Packet, off: frozenset[str]) -> Iterator[Delivery]:
    assert packet.source is not None, "a sender outside has an address"
    flight = _flight(packet, packet.source)
    for machine in world.machines:
        for interface in machine.interfaces:
            if packet.sender == "nearby":
                reached = interface.address
                if reached is None:
                    continue
            else:
                reached = public_address(interface, off)
            if is_ipv6(packet.source):
                yield from _arrive_over_ipv6(world, machine, interface, flight, off)
            elif packet.destination == reached:
                yield from _arrive(world, machine, interface, flight, off)


def _flight(packet: Packet, source: int) -> _Flight:
    return _Flight(
        protocol=packet.protocol,
        source=source,
        source_port=packet.source_port,
        destination=packet.destination,
        port=packet.port,
    )


def _arrive_over_ipv6(
    world: World, machine: Machine, interface: Interface, flight: _Flight, off: frozenset[str]
) -> Iterator[Delivery]:
    """Nobody says which IPv6 address an interface has: every one that a rule tells from others is tried."""
    if not interface.has_ipv6:
        return
    if is_ipv6(flight.destination):
        yield from _arrive(world, machine, interface, flight, off)
    elif flight.destination in (interface.public, interface.address):
        for own in _ipv6_addresses(machine, interface):
            yield from _arrive(world, machine, interface, replace(flight, destination=own), off)


def _ipv6_addresses(machine: Machine, interface: Interface) -> list[int]:
    found = {IPV6[0] + 1}
    for rules in ((interface.cloud or OPEN).incoming, machine.host.incoming):
        for rule in rules:
            found |= {edge for first, last in rule.own for edge in (first, last + 1) if IPV6[0] < edge <= IPV6[1]}
    return sorted(found)


def _arrive(
    world: World, machine: Machine, interface: Interface, flight: _Flight, off: frozenset[str]
) -> Iterator[Delivery]:
    """A packet at an interface, before the cloud's firewall."""
    own = flight.destination
    if not interface.guest_owns_public and not is_ipv6(own) and interface.address is not None:
        own = interface.address
    cloud = OPEN if interface.cloud is None or "cloud" in off else interface.cloud
    if not lets_in(cloud, flight, own):
        return
    relay = _relay_of(machine, flight, own)
    if relay is not None:
        yield from _relayed(world, machine, flight, relay, off)
        return
    host = OPEN if "host" in off else machine.host
    if lets_in(host, flight, own):
        yield _delivered(machine.name, "interface", flight)


def _relay_of(machine: Machine, flight: _Flight, own: int) -> Relay | None:
    if not machine.forwards or flight.protocol != "udp":
        return None
    for relay in machine.relays:
        arriving = (relay.source, relay.source_port, relay.own, relay.port)
        if arriving == (flight.source, flight.source_port, own, flight.port):
            return relay
    return None


def _relayed(world: World, machine: Machine, flight: _Flight, relay: Relay, off: frozenset[str]) -> Iterator[Delivery]:
    if flight.relayed == MOST_RELAYS:
        return
    onward = _Flight(
        protocol="udp",
        source=relay.new_source,
        source_port=relay.new_source_port,
        destination=relay.target,
        port=relay.target_port,
        relayed=flight.relayed + 1,
    )
    for interface in machine.interfaces:
        yield from _send(world, interface, onward, OPEN, off)


def _over_interfaces(world: World, machine: Machine, packet: Packet, off: frozenset[str]) -> Iterator[Delivery]:
    host = OPEN if packet.taken or "host" in off else machine.host
    for interface in machine.interfaces:
        own = interface.public if interface.address is None else interface.address
        if own is None:
            continue
        flight = _flight(packet, own)
        for delivery in _send(world, interface, flight, host, off):
            if packet.source in (None, own, interface.public, delivery.source):
                yield delivery


def _send(world: World, interface: Interface, flight: _Flight, host: Filter, off: frozenset[str]) -> Iterator[Delivery]:
    """A packet that leaves by an interface.

    Args:
        host: What its own host filters: nothing where the host only forwards it.
    """
    cloud = OPEN if interface.cloud is None or "cloud" in off else interface.cloud
    if inside(interface.provider_services, flight.destination):
        if lets_out(host, flight, flight.source):
            yield _delivered("provider", "provider", flight)
        return
    for route in _ways(interface, flight.destination, off):
        own = _guests_source(interface, route, flight, off)
        if flight.relayed and flight.source != _own_source(interface, route, off):
            continue  # a source that is not the interface's own is forged, and the clouds drop it
        if own is None or not lets_out(host, flight, own) or not lets_out(cloud, flight, own):
            continue
        for source in _carried(interface, route, flight, off):
            sent = replace(flight, source=source)
            if route.via == "local":
                yield from _to_neighbour(world, interface, sent, off)
            else:
                yield from _to_internet(world, sent, off)


def _ways(interface: Interface, destination: int, off: frozenset[str]) -> list[Route]:
    """The narrowest routes that lead to an address; more than one where two are equally narrow."""
    routes = list(interface.routes)
    if "addressing" in off and interface.public is None and interface.address is not None:
        routes.append(Route(to=IPV4, via="internet", origin="addressing switched off"))
    leading = [route for route in routes if route.to[0] <= destination <= route.to[1]]
    narrowest = min((route.to[1] - route.to[0] for route in leading), default=0)
    return [route for route in leading if route.to[1] - route.to[0] == narrowest]


def _guests_source(interface: Interface, route: Route, flight: _Flight, off: frozenset[str]) -> int | None:
    """The source that the host itself writes; None where it has none for this way."""
    if not interface.guest_owns_public:
        return interface.address
    if flight.relayed:
        return flight.source
    return public_address(interface, off) if route.via == "internet" else interface.address


def _own_source(interface: Interface, route: Route, off: frozenset[str]) -> int | None:
    """The interface's own address on this way, as the guest knows it."""
    if interface.address is None or (interface.guest_owns_public and route.via == "internet"):
        return public_address(interface, off)
    return interface.address


def _carried(interface: Interface, route: Route, flight: _Flight, off: frozenset[str]) -> list[int]:
    """The sources that the packet may carry when it arrives."""
    if route.via == "local":
        return [flight.source if flight.relayed or interface.address is None else interface.address]
    if route.via == "internet":
        public = public_address(interface, off)
        return [] if public is None else [public]
    known: Spans = route.addresses or ((UNNAMED, UNNAMED),)
    return [address for first, last in known for address in range(first, last + 1)]


def _to_neighbour(world: World, sender: Interface, flight: _Flight, off: frozenset[str]) -> Iterator[Delivery]:
    for machine in world.machines:
        for interface in machine.interfaces:
            if interface.network == sender.network and interface.address == flight.destination:
                yield from _arrive(world, machine, interface, flight, off)


def _to_internet(world: World, flight: _Flight, off: frozenset[str]) -> Iterator[Delivery]:
    owners = [
        (machine, interface)
        for machine in world.machines
        for interface in machine.interfaces
        if public_address(interface, off) == flight.destination
    ]
    for machine, interface in owners:
        yield from _arrive(world, machine, interface, flight, off)
    if not owners:
        yield _delivered("Internet", "internet", flight)


def _through_the_mesh(world: World, machine: Machine, packet: Packet, off: frozenset[str]) -> Iterator[Delivery]:
    source = machine.mesh_address if packet.source is None else packet.source
    if not packet.taken and source != machine.mesh_address:
        return
    for other in world.machines:
        if other is machine or other.mesh_address != packet.destination or is_ipv6(source):
            continue
        flight = _flight(packet, source)
        # Root on a taken machine can add a tunnel to its own configuration; only the peer's end binds it.
        sends = packet.taken or any(
            one.key == other.key and inside(one.allowed, other.mesh_address) for one in machine.tunnels
        )
        takes = any(one.key == machine.key and inside(one.allowed, source) for one in other.tunnels)
        outward = OPEN if packet.taken or "host" in off else machine.mesh
        inward = OPEN if "host" in off else other.mesh
        if sends and takes and lets_out(outward, flight, source) and lets_in(inward, flight, other.mesh_address):
            yield _delivered(other.name, "mesh", flight)


def lets_in(asked: Filter, flight: _Flight, own: int) -> bool:
    """Whether a filter lets a packet in that comes to this address of the host."""
    return _decides(asked.incoming, asked.accepts_incoming, flight, flight.source, own)


def lets_out(asked: Filter, flight: _Flight, own: int) -> bool:
    """Whether a filter lets a packet out that leaves from this address of the host."""
    return _decides(asked.outgoing, asked.accepts_outgoing, flight, flight.destination, own)


def _decides(rules: Iterable[Rule], otherwise: bool, flight: _Flight, peer: int, own: int) -> bool:
    for rule in rules:
        if _matches(rule, flight, peer, own):
            return rule.accept
    return otherwise


def _matches(rule: Rule, flight: _Flight, peer: int, own: int) -> bool:
    if flight.protocol not in rule.protocols:
        return False
    if not rule.ports[0] <= flight.port <= rule.ports[1]:
        return False
    has_ports = flight.protocol in ("tcp", "udp")
    if has_ports and not rule.source_ports[0] <= flight.source_port <= rule.source_ports[1]:
        return False
    return inside(rule.peers, peer) and inside(rule.own, own)


def _delivered(target: str, place: Place, flight: _Flight) -> Delivery:
    return Delivery(
        target=target,
        place=place,
        protocol=flight.protocol,
        source=flight.source,
        destination=flight.destination,
        port=flight.port,
    )
