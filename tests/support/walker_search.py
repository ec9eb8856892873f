"""Which packets to try against a claim: every kind of sender to every machine, at every boundary that occurs.

One number is tried of every piece into which the boundaries of the rules concerned cut a line of addresses or ports:
between two boundaries all numbers fare alike. What cannot break the claim, by its ends or its port, is left out.
"""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from fleet.proofs.model import (
    EVERY_PORT,
    IPV4,
    IPV6,
    PROTOCOLS,
    Filter,
    Intent,
    Interface,
    Machine,
    Protocol,
    Rule,
    Span,
    Spans,
    World,
)
from tests.support.walker import OUTSIDERS, Packet, inside, is_ipv6, public_address

INNER: Final = ("validator", "cosigner", "monitor")
SIGNING: Final = {"validator": 1234, "cosigner": 2222}
NAMED: Final[dict[Protocol, tuple[int, ...]]] = {
    "tcp": (22, 53, 80, 1234, 2222, 3128, 6001, 9100, 26656, 26660),
    "udp": (53, 67, 123),
    "icmp": (3 * 256 + 4,),
    "other": (),
}
"""Ports that some claim names."""
Ports = list[tuple[Protocol, int, int]]
"""Protocol, source port and destination port of packets to try."""


def may_send(world: World, intent: Intent, packet: Packet) -> bool:
    """Whether there is such a sender with that source. Addresses of the fleet are sent from by the fleet alone."""
    if packet.sender not in OUTSIDERS:
        return True
    if packet.source is None:
        return False
    if packet.sender == "admin":
        return inside(intent.admins, packet.source)
    if inside(fleet_addresses(world), packet.source):
        return False
    return packet.sender == "nearby" or not inside(intent.admins, packet.source)


def fleet_addresses(world: World) -> Spans:
    """Every address that packets of the fleet may carry outside the mesh."""
    found: set[Span] = set()
    for machine in world.machines:
        for interface in machine.interfaces:
            found.update((one, one) for one in (interface.address, interface.public) if one is not None)
            found.update(span for route in interface.routes for span in route.addresses)
    return tuple(sorted(found))


class Search:
    """The packets that are tried for one claim."""

    def __init__(self, world: World, intent: Intent, claim: str, off: frozenset[str], *, thin: bool):
        """Takes what the packets are to be sent to, and the layers that are switched off.

        Args:
            thin: Whether one number of a piece is enough; if not, both ends of every range and the numbers beside them.
        """
        self.world, self.intent, self.claim, self.off, self.thin = world, intent, claim, off, thin
        self.random = Random(len(world.machines))
        self.ours = fleet_addresses(world)

    def packets(self) -> Iterator[Packet]:
        """All of them."""
        for machine in self.world.machines:
            if self.claim == "f" and machine.name in self.intent.sealed:
                yield from self._leaving(machine)
            if self.claim in ("a", "b") or (self.claim == "g" and machine.role in SIGNING):
                yield from self._entering(machine)
            if self.claim == "e" or (self.claim == "g" and machine.role in SIGNING):
                for sender in self.world.machines:
                    if sender is not machine:
                        yield from self._crossing(sender, machine)

    def _senders(self, receiver: Machine) -> tuple[str, ...]:
        """Those outside that the claim is about; a gateway may relay to those that it is about."""
        if self.claim == "g":
            return OUTSIDERS
        if self.claim == "a":
            return ("stranger", "nearby") if receiver.role in INNER or receiver.relays else ()
        return ("admin",) if receiver.role in INNER and not receiver.relays else OUTSIDERS

    def _entering(self, receiver: Machine) -> Iterator[Packet]:
        """From outside to a machine's interfaces."""
        senders = self._senders(receiver)
        for interface in receiver.interfaces if senders else ():
            rules = _incoming(interface, receiver)
            sources = self._sources(receiver, interface, rules)
            ports = self._ports(rules, receiver)
            for sender in senders:
                for source in sources:
                    destination = _reached(interface, sender, source, self.off)
                    if destination is None:
                        continue
                    sent = Packet(sender=sender, source=source, destination=destination, protocol="other", port=0)
                    if may_send(self.world, self.intent, sent):
                        yield from _on_each(sent, ports)

    def _sources(self, receiver: Machine, interface: Interface, rules: Iterable[Rule]) -> list[int]:
        known = [self.intent.admins, self.ours, *(rule.peers for rule in rules)]
        known += [((one.source, one.source),) for one in receiver.relays]
        found = self._numbers(known, IPV4)
        return [*found, *self._numbers(known, IPV6)] if interface.has_ipv6 else found

    def _crossing(self, sender: Machine, receiver: Machine) -> Iterator[Packet]:
        """From a taken machine to another one: by its interfaces and through the mesh."""
        outward = [rule for one in sender.interfaces for rule in (one.cloud or Filter()).outgoing]
        for interface in receiver.interfaces:
            ports = self._ports([*_incoming(interface, receiver), *outward], receiver)
            for destination in dict.fromkeys((interface.address, interface.public)):
                if destination is not None:
                    sent = Packet(sender=sender.name, taken=True, destination=destination, protocol="other", port=0)
                    yield from _on_each(sent, ports)
        allowed = [one.allowed for one in receiver.tunnels if one.key == sender.key]
        if not allowed:
            return
        rules = receiver.mesh.incoming
        ports = self._ports(rules, receiver)
        for source in self._numbers([*allowed, *(rule.peers for rule in rules)], IPV4):
            if any(inside(one, source) for one in allowed):
                sent = Packet(
                    sender=sender.name,
                    taken=True,
                    source=source,
                    destination=receiver.mesh_address,
                    protocol="other",
                    port=0,
                )
                yield from _on_each(sent, ports)

    def _leaving(self, sender: Machine) -> Iterator[Packet]:
        """From an honest machine to anywhere."""
        own = [*sender.host.outgoing, *sender.mesh.outgoing]
        own += [rule for one in sender.interfaces for rule in (one.cloud or Filter()).outgoing]
        known = [self.ours, *(rule.peers for rule in own)]
        for interface in sender.interfaces:
            known += [interface.provider_services, *((route.to,) for route in interface.routes)]
        meeting = {address: one for one in self.world.machines for address in _addresses(one)}
        destinations = [*self._numbers(known, IPV4), *self._numbers(known, IPV6), *meeting]
        for destination in dict.fromkeys(destinations):
            receiver = meeting.get(destination)
            rules = list(own)
            if receiver is not None:
                rules += receiver.mesh.incoming
                rules += [rule for one in receiver.interfaces for rule in _incoming(one, receiver)]
            sent = Packet(sender=sender.name, destination=destination, protocol="other", port=0)
            yield from _on_each(sent, self._ports(rules, receiver))

    def _ports(self, rules: Iterable[Rule], receiver: Machine | None) -> Ports:
        """What to send on; a relay's as it wants it."""
        found: Ports = []
        rules = list(rules)
        for protocol in PROTOCOLS:
            concerned = [rule for rule in rules if protocol in rule.protocols]
            ports = self._destination_ports(protocol, concerned, receiver)
            sources = self._numbers([(rule.source_ports,) for rule in concerned], EVERY_PORT) if ports else []
            for source in sources if protocol == "tcp" or protocol == "udp" else sources[:1]:
                found.extend((protocol, source, port) for port in ports)
        for relay in receiver.relays if receiver is not None and self.claim != "g" else ():
            found.append(("udp", relay.source_port, relay.port))
        return found

    def _destination_ports(self, protocol: Protocol, rules: list[Rule], receiver: Machine | None) -> list[int]:
        if self.claim == "g":
            return [SIGNING[receiver.role]] if receiver is not None and protocol == "tcp" else []
        if self.claim == "e" and "host" in self.off and receiver is not None:
            return sorted({one.port for one in receiver.listeners if one.protocol == protocol})
        known: list[Spans] = [(rule.ports,) for rule in rules]
        known += [((port, port),) for port in NAMED[protocol]]
        if receiver is not None and protocol == "udp":
            known.append(((receiver.port, receiver.port),))
        return self._numbers(known, EVERY_PORT)

    def _numbers(self, sets: Iterable[Spans], universe: Span) -> list[int]:
        """One number of each kind that these sets tell apart; or, not thinned, all their boundaries and one at random."""
        known = list(dict.fromkeys(sets))
        edges = set(universe)
        for spans in known:
            for first, last in spans:
                edges |= {first, last + 1} if self.thin else {first - 1, first, last, last + 1}
        numbers = sorted(one for one in edges if universe[0] <= one <= universe[1])
        if not self.thin:
            return [*numbers, self.random.randint(*universe)]
        kinds = {tuple([inside(spans, number) for spans in known]): number for number in reversed(numbers)}
        return list(kinds.values())


def _on_each(sent: Packet, ports: Ports) -> Iterator[Packet]:
    for protocol, source_port, port in ports:
        yield Packet(
            sender=sent.sender,
            taken=sent.taken,
            protocol=protocol,
            source=sent.source,
            source_port=source_port,
            destination=sent.destination,
            port=port,
        )


def _incoming(interface: Interface, machine: Machine) -> list[Rule]:
    return [*(interface.cloud or Filter()).incoming, *machine.host.incoming]


def _reached(interface: Interface, sender: str, source: int, off: frozenset[str]) -> int | None:
    """The destination that stands for an interface when somebody outside sends."""
    if sender == "nearby":
        return interface.address
    public = public_address(interface, off)
    return interface.address if public is None and is_ipv6(source) else public


def _addresses(machine: Machine) -> set[int]:
    found = {one for face in machine.interfaces for one in (face.address, face.public) if one is not None}
    return found | {machine.mesh_address}
