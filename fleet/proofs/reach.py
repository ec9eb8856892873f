"""Where packets arrive: whole sets of them at once, through cloud firewalls, routes, relays, host firewalls and tunnels.

A packet that opens a connection is meant; replies belong to it. A taken machine has switched off its own host filters
but cannot forge a source, which all three clouds drop. See docs/proofs.md for what the model leaves out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from fleet.proofs.model import (
    IPV4,
    IPV6,
    Interface,
    Machine,
    Relay,
    Route,
    Span,
    Spans,
    World,
    difference_of_spans,
    merged,
)
from fleet.proofs.regions import EVERYTHING, Box, Region, accepted, as_peers, difference, intersection, seen_as

Layer = Literal["cloud", "host", "addressing", "namespace"]
LAYERS: Final[tuple[Layer, ...]] = ("cloud", "host", "addressing", "namespace")
Place = Literal["interface", "mesh", "provider", "internet"]
MOST_RELAYS: Final = 4
SOME_IPV6: Final = IPV6[1]
"""Stands for an interface's IPv6 address, which no filter of ours names."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Packets that arrive.

    Attributes:
        sender: Who sends: a machine's name, or a kind of outsider.
        target: Where they arrive: a machine's name, `provider` or `Internet`.
        region: The packets as they arrive; the peer is the source, for `provider` and `Internet` the destination.
        destination: The address they were sent to, where that is one.
        sent: For relayed packets, the one packet that was sent: source, source port, destination, port.
        through: Names of the machines that relayed them.
    """

    sender: str
    target: str
    place: Place
    region: Region
    destination: int
    sent: tuple[int, int, int, int] | None = None
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Arriving:
    """Packets on their way to one interface."""

    sender: str
    region: Region
    destination: int
    sent: tuple[int, int, int, int] | None
    through: tuple[str, ...]


class Reach:
    """Answers for one world with some layers switched off."""

    def __init__(self, world: World, off: frozenset[str] = frozenset(), like: "Reach | None" = None):
        """Prepares a world.

        Args:
            off: Layers that are switched off.
            like: The same world with the same filters in force, whose work is taken over.
        """
        self.off = off
        self.machines = {machine.name: self._effective(machine) for machine in world.machines}
        private = _addresses(i.address for m in world.machines for i in m.interfaces)
        translated = [span for m in world.machines for i in m.interfaces for r in i.routes for span in r.addresses]
        public = _addresses(i.public for m in self.machines.values() for i in m.interfaces)
        self.own = merged([*private, *public, *translated])
        self._cloud: dict[tuple[str, int, bool, int], Region] = {}
        self._host: dict[tuple[str, bool, int], Region] = {}
        self._mesh: dict[tuple[str, bool], Region] = {}
        self._to: dict[tuple[str, int, int, int, bool], Region] = {}
        self._from: dict[tuple[str, int, int, Span], tuple[Region, Region]] = {}
        self._delivered: dict[tuple[str, bool], tuple[Delivery, ...]] = {} if like is None else like._delivered
        self._near: dict[str, list[tuple[Machine, int]]] = {}
        self._public: dict[int, tuple[Machine, int]] = {}
        for machine in self.machines.values():
            for index, interface in enumerate(machine.interfaces):
                if interface.network:
                    self._near.setdefault(interface.network, []).append((machine, index))
                if interface.public is not None:
                    self._public[interface.public] = (machine, index)

    def _effective(self, machine: Machine) -> Machine:
        """Without the layer of addressing every cloud interface is as good as public."""
        if "addressing" not in self.off:
            return machine
        return replace(machine, interfaces=tuple(_exposed(one) for one in machine.interfaces))

    # What filters let through.

    def _through_cloud(self, machine: Machine, index: int, own: int, *, inward: bool) -> Region:
        key = (machine.name, index, inward, own)
        if key not in self._cloud:
            found = machine.interfaces[index].cloud
            if found is None or "cloud" in self.off:
                region = EVERYTHING
            elif inward:
                region = accepted(found.incoming, own, otherwise=found.accepts_incoming)
            else:
                region = accepted(found.outgoing, own, otherwise=found.accepts_outgoing)
            self._cloud[key] = region
        return self._cloud[key]

    def _through_host(self, machine: Machine, own: int, *, inward: bool) -> Region:
        key = (machine.name, inward, own)
        if key not in self._host:
            found = machine.host
            if "host" in self.off:
                region = EVERYTHING
            elif inward:
                region = accepted(found.incoming, own, otherwise=found.accepts_incoming)
            else:
                region = accepted(found.outgoing, own, otherwise=found.accepts_outgoing)
            self._host[key] = region
        return self._host[key]

    def _through_mesh(self, machine: Machine, *, inward: bool) -> Region:
        key = (machine.name, inward)
        if key not in self._mesh:
            found = machine.mesh
            if "host" in self.off:
                region = EVERYTHING
            elif inward:
                region = accepted(found.incoming, machine.mesh_address, otherwise=found.accepts_incoming)
            else:
                region = accepted(found.outgoing, machine.mesh_address, otherwise=found.accepts_outgoing)
            self._mesh[key] = region
        return self._mesh[key]

    # Who sends.

    def from_outside(self, kind: str, sources: Spans) -> Iterator[Delivery]:
        """What outsiders with these source addresses can deliver over the Internet."""
        for machine in self.machines.values():
            for index, interface in enumerate(machine.interfaces):
                if interface.public is not None:
                    yield from self._outsider(kind, sources, machine, index, interface.public, IPV4)
                if interface.has_ipv6:
                    yield from self._outsider(kind, sources, machine, index, SOME_IPV6, IPV6)

    def from_nearby(self, others: Spans) -> Iterator[Delivery]:
        """What whoever shares a network with the fleet can deliver: other tenants, ranges of the provider."""
        for machine in self.machines.values():
            for index, interface in enumerate(machine.interfaces):
                if interface.address is not None:
                    yield from self._outsider("nearby", others, machine, index, interface.address, IPV4)
                    if interface.has_ipv6:
                        yield from self._outsider("nearby", others, machine, index, SOME_IPV6, IPV6)

    def _outsider(
        self, kind: str, sources: Spans, machine: Machine, index: int, destination: int, family: Span
    ) -> Iterator[Delivery]:
        inside = tuple(
            (max(low, family[0]), min(high, family[1]))
            for low, high in sources
            if low <= family[1] and family[0] <= high
        )
        region = seen_as(EVERYTHING, inside)
        yield from self._arrive(machine, index, _Arriving(kind, region, destination, None, ()))

    def from_machine(self, name: str, *, taken: bool) -> tuple[Delivery, ...]:
        """What a machine of the fleet can deliver, honest or taken."""
        key = (name, taken)
        if key not in self._delivered:
            self._delivered[key] = tuple(self._from_machine(name, taken=taken))
        return self._delivered[key]

    def _from_machine(self, name: str, *, taken: bool) -> Iterator[Delivery]:
        machine = self.machines[name]
        for index in range(len(machine.interfaces)):
            for target, at, destination in self._destinations(machine, index):
                yield from self._send(machine, index, target, at, destination, EVERYTHING, taken, _Trip(name))
        yield from self._inside(machine, taken=taken)

    def to_address(self, name: str, destination: int, packet: Box) -> Iterator[Delivery]:
        """What becomes of one kind of packet that an honest machine sends to an address of the fleet."""
        machine = self.machines[name]
        for index in range(len(machine.interfaces)):
            for target, at, found in self._destinations(machine, index):
                if found == destination:
                    yield from self._send(machine, index, target, at, found, (packet,), False, _Trip(name))

    def to_internet(self, name: str) -> Iterator[Delivery]:
        """What an honest machine can send to addresses of nobody in the fleet; the peers are destinations."""
        machine = self.machines[name]
        for index, interface in enumerate(machine.interfaces):
            own = interface.address if interface.address is not None else interface.public or 0
            region = self._leaving(machine, index, own, taken=False)
            for route in interface.routes:
                if route.via == "local" or (route.via == "internet" and interface.public is None and not own):
                    continue
                narrower = tuple(other.to for other in interface.routes if _width(other) < _width(route))
                outside = difference_of_spans((route.to,), merged([*narrower, *self.own, *interface.provider_services]))
                found = seen_as(region, outside)
                if found:
                    yield Delivery(name, "Internet", "internet", found, 0)

    def to_provider(self, name: str) -> Iterator[Delivery]:
        """What an honest machine can send to its provider's own services, which no cloud firewall filters."""
        machine = self.machines[name]
        for interface in machine.interfaces:
            own = interface.address if interface.address is not None else interface.public or 0
            found = seen_as(self._through_host(machine, own, inward=False), interface.provider_services)
            if found:
                yield Delivery(name, "provider", "provider", found, 0)

    # How packets travel.

    def _destinations(self, machine: Machine, index: int) -> Iterator[tuple[Machine, int, int]]:
        """Interfaces that packets from this one may arrive at, with the address they are sent to."""
        network = machine.interfaces[index].network
        for other, at in self._near.get(network, []) if network else []:
            address = other.interfaces[at].address
            if other.name != machine.name and address is not None:
                yield other, at, address
        for address, (other, at) in self._public.items():
            near = other.interfaces[at].network == network and address == other.interfaces[at].address
            if other.name != machine.name and not (network and near):
                yield other, at, address

    def _leaving(self, machine: Machine, index: int, own: int, *, taken: bool) -> Region:
        cloud = self._through_cloud(machine, index, own, inward=False)
        return cloud if taken else intersection(cloud, self._through_host(machine, own, inward=False))

    def _send(
        self,
        machine: Machine,
        index: int,
        target: Machine,
        at: int,
        destination: int,
        packets: Region,
        unfiltered: bool,
        trip: "_Trip",
    ) -> Iterator[Delivery]:
        interface = machine.interfaces[index]
        for route, source in _ways(interface, destination):
            beside = route.via == "local"
            if beside != (target.interfaces[at].address == destination and _together(interface, target.interfaces[at])):
                continue
            own = source[0][0] if interface.guest_owns_public or interface.address is None else interface.address
            left = self._leaving_to(machine, index, own, destination, unfiltered)
            if packets is not EVERYTHING:
                left = intersection(left, tuple(replace(box, peers=(destination, destination)) for box in packets))
            for span in source:
                arriving = as_peers(left, span)
                if arriving:
                    yield from self._arrive(
                        target, at, _Arriving(trip.sender, arriving, destination, trip.sent, trip.through)
                    )

    def _leaving_to(self, machine: Machine, index: int, own: int, destination: int, unfiltered: bool) -> Region:
        """What the filters of the sender let through to one address."""
        key = (machine.name, index, own, destination, unfiltered)
        if key not in self._to:
            there = ((destination, destination),)
            allowed = seen_as(self._through_cloud(machine, index, own, inward=False), there)
            if not unfiltered:
                allowed = intersection(allowed, seen_as(self._through_host(machine, own, inward=False), there))
            self._to[key] = allowed
        return self._to[key]

    def _coming_from(self, machine: Machine, index: int, own: int, source: Span) -> tuple[Region, Region]:
        """What cloud and host let through of what comes from these addresses."""
        key = (machine.name, index, own, source)
        if key not in self._from:
            self._from[key] = (
                seen_as(self._through_cloud(machine, index, own, inward=True), (source,)),
                seen_as(self._through_host(machine, own, inward=True), (source,)),
            )
        return self._from[key]

    def _arrive(self, machine: Machine, index: int, packets: _Arriving) -> Iterator[Delivery]:
        """At an interface: the cloud's filter, then the relay or the host's own filter."""
        interface = machine.interfaces[index]
        own = packets.destination
        if not interface.guest_owns_public and interface.address is not None and own <= IPV4[1]:
            own = interface.address
        for source in dict.fromkeys(box.peers for box in packets.region):
            cloud, host = self._coming_from(machine, index, own, source)
            region = intersection((box for box in packets.region if box.peers == source), cloud)
            if not region:
                continue
            for relay in machine.relays if machine.forwards else ():
                if relay.own == own and source[0] <= relay.source <= source[1]:
                    matching = _matching(relay)
                    relayed = intersection(region, (matching,))
                    region = difference(region, (matching,))
                    if relayed:
                        yield from self._forward(machine, relay, relayed, packets)
            region = intersection(region, host)
            if region:
                yield Delivery(
                    packets.sender,
                    machine.name,
                    "interface",
                    region,
                    packets.destination,
                    packets.sent,
                    packets.through,
                )

    def _forward(self, machine: Machine, relay: Relay, relayed: Region, packets: _Arriving) -> Iterator[Delivery]:
        if len(packets.through) >= MOST_RELAYS:
            return
        sent = packets.sent or (relay.source, relay.source_port, packets.destination, relay.port)
        trip = _Trip(packets.sender, sent, (*packets.through, machine.name))
        port = (relay.new_source_port, relay.new_source_port)
        packet = Box("udp", IPV4, port, (relay.target_port, relay.target_port), relayed[0].rules)
        for index in range(len(machine.interfaces)):
            for target, at, destination in self._destinations(machine, index):
                if destination == relay.target:
                    yield from self._send(machine, index, target, at, destination, (packet,), True, trip)

    def _inside(self, machine: Machine, *, taken: bool) -> Iterator[Delivery]:
        """Through the machine's tunnels. The path beneath is taken for granted here."""
        for tunnel in machine.tunnels:
            for peer in self.machines.values():
                if peer.key != tunnel.key or not _holds(tunnel.allowed, peer.mesh_address):
                    continue
                own: Spans = tuple(span for back in peer.tunnels if back.key == machine.key for span in back.allowed)
                if not taken:
                    mine = machine.mesh_address
                    own = ((mine, mine),) if _holds(own, mine) else ()
                there = ((peer.mesh_address, peer.mesh_address),)
                left = EVERYTHING if taken else self._through_mesh(machine, inward=False)
                for span in own:
                    arriving = as_peers(dict.fromkeys(seen_as(left, there)), span)
                    region = intersection(arriving, self._through_mesh(peer, inward=True))
                    if region:
                        yield Delivery(machine.name, peer.name, "mesh", region, peer.mesh_address)


@dataclass(frozen=True)
class _Trip:
    sender: str
    sent: tuple[int, int, int, int] | None = None
    through: tuple[str, ...] = ()


def _matching(relay: Relay) -> Box:
    """The one packet that a relay translates."""
    source, source_port, port = relay.source, relay.source_port, relay.port
    return Box("udp", (source, source), (source_port, source_port), (port, port), (relay.origin,))


def _together(one: Interface, other: Interface) -> bool:
    return bool(one.network) and one.network == other.network


def _ways(interface: Interface, destination: int) -> Iterator[tuple[Route, Spans]]:
    """The narrowest routes to an address, with the source addresses that packets then carry."""
    fitting = [route for route in interface.routes if route.to[0] <= destination <= route.to[1]]
    if not fitting:
        return
    narrowest = min(_width(route) for route in fitting)
    for route in fitting:
        if _width(route) > narrowest:
            continue
        if route.via == "nat":
            yield route, route.addresses
            continue
        source = interface.address if route.via == "local" else interface.public
        if source is not None:
            yield route, ((source, source),)


def _width(route: Route) -> int:
    return route.to[1] - route.to[0]


def _exposed(interface: Interface) -> Interface:
    if not interface.network or interface.public is not None or interface.address is None:
        return interface
    outside = Route(to=IPV4, via="internet", origin="addressing switched off")
    return replace(interface, public=interface.address, routes=(*interface.routes, outside))


def _addresses(found: Iterator[int | None]) -> Spans:
    return merged((one, one) for one in found if one is not None)


def _holds(spans: Spans, address: int) -> bool:
    return any(low <= address <= high for low, high in spans)
