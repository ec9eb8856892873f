"""Where packets arrive: whole sets of them at once, through cloud firewalls, routes, relays, host firewalls and tunnels.

A packet that opens a connection is meant; replies belong to it. A taken machine has switched off its own host filters
but cannot forge a source, which all three clouds drop. See docs/proofs.md for what the model leaves out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from fleet.proofs.model import (
    ANYWHERE,
    IPV4,
    IPV6,
    Filter,
    Interface,
    Machine,
    Relay,
    Spans,
    World,
    difference_of_spans,
    holds,
    merged,
    points,
)
from fleet.proofs.regions import EVERYTHING, Box, Indexed, Region, accepted, as_peers, difference, intersection, seen_as
from fleet.proofs.routes import exposed, source_of, together, ways, width

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
        private = points(i.address for m in world.machines for i in m.interfaces)
        translated = [span for m in world.machines for i in m.interfaces for r in i.routes for span in r.addresses]
        public = points(i.public for m in self.machines.values() for i in m.interfaces)
        self.own = merged([*private, *public, *translated])
        self._cloud: dict[tuple[str, int, bool, int], Region] = {}
        self._host: dict[tuple[str, bool, int], Region] = {}
        self._mesh: dict[tuple[str, bool], Region] = {}
        self._index: dict[int, Indexed] = {}
        self._to: dict[tuple[str, int, int, int, bool], Region] = {}
        self._from: dict[tuple[str, int, int, Spans], tuple[Region, Region]] = {}
        self._outside: dict[tuple[str, Spans], tuple[Delivery, ...]] = {} if like is None else like._outside
        self._relays: dict[tuple[str, int], dict[int, list[Relay]]] = {}
        for machine in world.machines:
            for relay in machine.relays if machine.forwards else ():
                by_source = self._relays.setdefault((machine.name, relay.own), {})
                by_source.setdefault(relay.source, []).append(relay)
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
        return replace(machine, interfaces=tuple(exposed(one) for one in machine.interfaces))

    # What filters let through.

    def _through_cloud(self, machine: Machine, index: int, own: int, *, inward: bool) -> Region:
        key = (machine.name, index, inward, own)
        if key not in self._cloud:
            found = None if "cloud" in self.off else machine.interfaces[index].cloud
            self._cloud[key] = _let_through(found, own, inward=inward)
        return self._cloud[key]

    def _through_host(self, machine: Machine, own: int, *, inward: bool) -> Region:
        key = (machine.name, inward, own)
        if key not in self._host:
            self._host[key] = _let_through(None if "host" in self.off else machine.host, own, inward=inward)
        return self._host[key]

    def _through_mesh(self, machine: Machine, *, inward: bool) -> Region:
        key = (machine.name, inward)
        if key not in self._mesh:
            found = None if "host" in self.off else machine.mesh
            self._mesh[key] = _let_through(found, machine.mesh_address, inward=inward)
        return self._mesh[key]

    def _indexed(self, region: Region) -> Indexed:
        """The index of a region that is kept for as long as this lives."""
        if id(region) not in self._index:
            self._index[id(region)] = Indexed(region)
        return self._index[id(region)]

    # Who sends.

    def from_outside(self, kind: str, sources: Spans) -> tuple[Delivery, ...]:
        """What outsiders with these source addresses can deliver over the Internet."""
        if (kind, sources) not in self._outside:
            self._outside[kind, sources] = tuple(
                delivery
                for machine, index, interface in self._interfaces()
                if interface.public is not None
                for delivery in self._outsider(kind, sources, machine, index, interface.public)
            )
        return self._outside[kind, sources]

    def from_nearby(self, others: Spans, only: str | None = None) -> tuple[Delivery, ...]:
        """What whoever shares a network with the fleet can deliver: other tenants, ranges of the provider.

        Args:
            only: Name of the one machine that is asked about; None for all.
        """
        key = (f"nearby {only}", others)
        if key not in self._outside:
            self._outside[key] = tuple(
                delivery
                for machine, index, interface in self._interfaces()
                if interface.address is not None and only in (None, machine.name)
                for delivery in self._outsider("nearby", others, machine, index, interface.address)
            )
        return self._outside[key]

    def _interfaces(self) -> Iterator[tuple[Machine, int, Interface]]:
        for machine in self.machines.values():
            for index, interface in enumerate(machine.interfaces):
                yield machine, index, interface

    def _outsider(
        self, kind: str, sources: Spans, machine: Machine, index: int, destination: int
    ) -> Iterator[Delivery]:
        """Over IPv4 to an address, and over IPv6 where the interface has one."""
        for family, sent_to in ((IPV4, destination), (IPV6, SOME_IPV6)):
            if family == IPV6 and not machine.interfaces[index].has_ipv6:
                continue
            inside = tuple((max(low, family[0]), min(high, family[1])) for low, high in sources)
            of_family = tuple(one for one in inside if one[0] <= one[1])
            yield from self._arrive(machine, index, of_family, _Arriving(kind, EVERYTHING, sent_to, None, ()))

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
        yield from (one for one in self.from_machine(name, taken=False) if one.place == "internet")
        for index, interface in enumerate(machine.interfaces):
            for route in interface.routes:
                own = source_of(interface, route)
                if route.via == "local" or own is None:
                    continue
                narrower = tuple(other.to for other in interface.routes if width(other) < width(route))
                outside = difference_of_spans((route.to,), merged([*narrower, *self.own, *interface.provider_services]))
                found = seen_as(self._leaving(machine, index, own), outside)
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

    def _leaving(self, machine: Machine, index: int, own: int) -> Region:
        cloud = self._through_cloud(machine, index, own, inward=False)
        return intersection(cloud, self._through_host(machine, own, inward=False))

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
        for route, source in ways(interface, destination):
            if trip.source is not None and trip.source != source_of(interface, route):
                continue  # rewritten to an address that is not the interface's own: the cloud drops it
            beside = route.via == "local"
            if beside != (target.interfaces[at].address == destination and together(interface, target.interfaces[at])):
                continue
            own = source[0][0] if interface.guest_owns_public or interface.address is None else interface.address
            left = self._leaving_to(machine, index, own, destination, unfiltered)
            if packets is not EVERYTHING:
                left = intersection(left, as_peers(packets, (destination, destination)))
            for span in source if left else ():
                arriving = _Arriving(trip.sender, as_peers(left, span), destination, trip.sent, trip.through)
                yield from self._arrive(target, at, (span,), arriving)

    def _leaving_to(self, machine: Machine, index: int, own: int, destination: int, unfiltered: bool) -> Region:
        """What the filters of the sender let through to one address."""
        key = (machine.name, index, own, destination, unfiltered)
        if key not in self._to:
            there = ((destination, destination),)
            allowed = self._indexed(self._through_cloud(machine, index, own, inward=False)).seen_as(there)
            if not unfiltered:
                host = self._indexed(self._through_host(machine, own, inward=False))
                allowed = intersection(allowed, host.seen_as(there))
            self._to[key] = allowed
        return self._to[key]

    def _coming_from(self, machine: Machine, index: int, own: int, sources: Spans) -> tuple[Region, Region]:
        """What the cloud lets through of what comes from these addresses, and what both cloud and host do."""
        key = (machine.name, index, own, sources)
        if key not in self._from:
            every = (machine.name, index, own, ANYWHERE)
            if every not in self._from:
                cloud = self._through_cloud(machine, index, own, inward=True)
                self._from[every] = (cloud, intersection(cloud, self._through_host(machine, own, inward=True)))
            cloud, both = self._from[every]
            self._from[key] = (self._indexed(cloud).seen_as(sources), self._indexed(both).seen_as(sources))
        return self._from[key]

    def _arrive(self, machine: Machine, index: int, sources: Spans, packets: _Arriving) -> Iterator[Delivery]:
        """At an interface: the cloud's filter, then the relay or the host's own filter."""
        interface = machine.interfaces[index]
        own = packets.destination
        if not interface.guest_owns_public and interface.address is not None and own <= IPV4[1]:
            own = interface.address
        cloud, both = self._coming_from(machine, index, own, sources)
        if packets.region is not EVERYTHING:
            cloud, both = intersection(packets.region, cloud), intersection(packets.region, both)
        for source, relays in self._relays.get((machine.name, own), {}).items():
            for relay in relays if holds(sources, source) else ():
                relayed = intersection(cloud, (_matching(relay),))
                cloud, both = difference(cloud, (_matching(relay),)), difference(both, (_matching(relay),))
                if relayed:
                    yield from self._forward(machine, relay, relayed, packets)
        if both:
            yield Delivery(
                packets.sender, machine.name, "interface", both, packets.destination, packets.sent, packets.through
            )

    def _forward(self, machine: Machine, relay: Relay, relayed: Region, packets: _Arriving) -> Iterator[Delivery]:
        if len(packets.through) >= MOST_RELAYS:
            return
        sent = packets.sent or (relay.source, relay.source_port, packets.destination, relay.port)
        trip = _Trip(packets.sender, sent, (*packets.through, machine.name), relay.new_source)
        port = (relay.new_source_port, relay.new_source_port)
        packet = Box("udp", IPV4, port, (relay.target_port, relay.target_port), relayed[0].rules)
        for index in range(len(machine.interfaces)):
            for target, at, destination in self._destinations(machine, index):
                if destination == relay.target:
                    yield from self._send(machine, index, target, at, destination, (packet,), True, trip)
            if not holds(self.own, relay.target):
                yield from self._reflect(machine, index, relay.target, packet, trip)

    def _reflect(self, machine: Machine, index: int, target: int, packet: Box, trip: "_Trip") -> Iterator[Delivery]:
        """A relay that sends on to an address of nobody in the fleet."""
        interface = machine.interfaces[index]
        for route, _ in ways(interface, target):
            own = source_of(interface, route)
            if route.via == "local" or own is None or own != trip.source:
                continue
            left = intersection(
                self._leaving_to(machine, index, own, target, True), as_peers((packet,), (target, target))
            )
            if left:
                yield Delivery(trip.sender, "Internet", "internet", left, target, trip.sent, trip.through)

    def _inside(self, machine: Machine, *, taken: bool) -> Iterator[Delivery]:
        """Through tunnels. The path beneath is taken for granted here; root can add a tunnel, so peers' ends decide."""
        for peer in self.machines.values():
            back = [tunnel for tunnel in peer.tunnels if tunnel.key == machine.key]
            forth = [tunnel for tunnel in machine.tunnels if tunnel.key == peer.key]
            own: Spans = tuple(span for tunnel in back for span in tunnel.allowed)
            if not taken:
                mine, known = machine.mesh_address, any(holds(one.allowed, peer.mesh_address) for one in forth)
                own = ((mine, mine),) if known and holds(own, mine) else ()
            there = ((peer.mesh_address, peer.mesh_address),)
            left = EVERYTHING if taken else self._through_mesh(machine, inward=False)
            for span in own if peer.name != machine.name else ():
                arriving = as_peers(dict.fromkeys(seen_as(left, there)), span)
                region = intersection(arriving, self._through_mesh(peer, inward=True))
                if region:
                    yield Delivery(machine.name, peer.name, "mesh", region, peer.mesh_address)


@dataclass(frozen=True)
class _Trip:
    sender: str
    sent: tuple[int, int, int, int] | None = None
    through: tuple[str, ...] = ()
    source: int | None = None


def _let_through(found: Filter | None, own: int, *, inward: bool) -> Region:
    """What a filter lets through; everything where there is none."""
    if found is None:
        return EVERYTHING
    rules, otherwise = found.incoming, found.accepts_incoming
    if not inward:
        rules, otherwise = found.outgoing, found.accepts_outgoing
    return accepted(rules, own, otherwise=otherwise)


def _matching(relay: Relay) -> Box:
    """The one packet that a relay translates."""
    source, source_port, port = relay.source, relay.source_port, relay.port
    return Box("udp", (source, source), (source_port, source_port), (port, port), (relay.origin,))
