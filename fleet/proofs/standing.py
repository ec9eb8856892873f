"""Whether every layer stands at all: one that is missing is not noticed while the others still stop every packet."""

from collections.abc import Iterable, Iterator

from fleet.addressing import RFC1918
from fleet.proofs.claims import COSIGNER, METADATA, PRIVATE, PRIVVAL, SSH, inside
from fleet.proofs.egress import METADATA_ADDRESS
from fleet.proofs.model import (
    EVERY_PORT,
    IPV4,
    IPV6,
    Filter,
    Intent,
    Interface,
    Machine,
    Rule,
    World,
    merged,
    spans,
    written,
)
from fleet.proofs.regions import Box, accepted, difference, seen_as

PRIVATE_RANGES = spans(str(block) for block in RFC1918)
SIGNING_PORTS = {"validator": PRIVVAL, "cosigner": COSIGNER}


def missing_layers(world: World, intent: Intent) -> Iterator[str]:
    """What is missing, in words, one line for each."""
    for machine in world.machines:
        yield from _filters(machine)
        yield from _services(machine)
        if machine.provider != "baremetal":
            yield from _addressing(machine, intent)
        yield from _namespace(machine)
        yield from _tunnels(world, machine, intent)


def _filters(machine: Machine) -> Iterator[str]:
    for interface in machine.interfaces:
        if interface.network and interface.cloud is None:
            yield f"{machine.name} has no cloud firewall"
        elif interface.cloud is not None:
            yield from _open(f"the cloud firewall of {machine.name}", interface.cloud)
    yield from _open(f"the host firewall of {machine.name}", machine.host)
    yield from _open(f"the host firewall of {machine.name} inside the mesh", machine.mesh)
    if machine.forwards_anything:
        yield f"{machine.name} forwards whatever it is asked to"
    elif machine.forwards and machine.role != "gateway":
        yield f"{machine.name} forwards, and is no gateway"


def _services(machine: Machine) -> Iterator[str]:
    """Metadata is for root alone: user data and the identity of the instance are there."""
    services = merged(span for interface in machine.interfaces for span in interface.provider_services)
    for rule in machine.host.outgoing:
        reached = any(low <= last and first <= high for low, high in rule.peers for first, last in services)
        http = rule.accept and "tcp" in rule.protocols and rule.ports[0] <= METADATA <= rule.ports[1]
        narrow = rule.root_only and rule.peers == ((METADATA_ADDRESS, METADATA_ADDRESS),)
        if reached and http and not narrow:
            yield f"{machine.name} lets others than root reach the metadata service: {rule.origin}"


def _open(what: str, found: Filter) -> Iterator[str]:
    """A filter that lets through a protocol which no flow uses does not deny by default; IPv6 no flow uses at all."""
    for way, rules, otherwise in (
        ("in", found.incoming, found.accepts_incoming),
        ("out", found.outgoing, found.accepts_outgoing),
    ):
        yield from _lets(what, way, rules, otherwise=otherwise)


def _lets(what: str, way: str, rules: Iterable[Rule], *, otherwise: bool) -> Iterator[str]:
    region = accepted(tuple(rules), None, otherwise=otherwise)
    other = [box for box in region if box.protocol == "other"]
    if other:
        by = f" by {other[0].rules[0]}" if other[0].rules else " by default"
        yield f"{what} lets every protocol {way}{by}"
    elif seen_as(region, (IPV6,)):
        yield f"{what} lets IPv6 {way}"


def _addressing(machine: Machine, intent: Intent) -> Iterator[str]:
    if len(machine.interfaces) != 1:
        yield f"{machine.name} has {len(machine.interfaces)} network interfaces"
    for interface in machine.interfaces:
        if interface.has_ipv6:
            yield f"{machine.name} has an IPv6 address"
        if machine.role in PRIVATE:
            yield from _private(machine, interface, intent)


def _private(machine: Machine, interface: Interface, intent: Intent) -> Iterator[str]:
    if interface.reaches_provider and machine.name in intent.sealed:
        yield f"{machine.name} is sealed and its network opens the provider's names or APIs to it"
    if interface.cloud is not None:
        region = accepted(interface.cloud.incoming, interface.address, otherwise=interface.cloud.accepts_incoming)
        near = [Box("icmp", span, EVERY_PORT, EVERY_PORT) for span in PRIVATE_RANGES]
        stray = difference((box for box in region if box.protocol == "icmp"), near)
        if stray:
            by = f" by {stray[0].rules[0]}" if stray[0].rules else " by default"
            yield f"the cloud firewall of {machine.name} lets ICMP in from the Internet{by}"
    if interface.public is not None:
        yield f"{machine.name} is private and has the public address {written(interface.public)}"
    for route in interface.routes:
        if route.via == "internet":
            yield f"{machine.name} is private and has a route to the Internet gateway: {route.origin}"
        if route.via != "local" and machine.name in intent.sealed and route.to[0] <= IPV4[1]:
            yield f"{machine.name} is sealed and has a route out: {route.origin}"


def _namespace(machine: Machine) -> Iterator[str]:
    """What signs and what a signer dials has no other interface than WireGuard; only SSH and WireGuard stand outside."""
    if machine.role not in SIGNING_PORTS:
        return
    for listener in machine.listeners:
        outside = (listener.protocol, listener.port) in (("tcp", SSH), ("udp", machine.port))
        if not listener.inside and not outside:
            yield f"{listener.name} of {machine.name} listens outside the mesh namespace"
    if SIGNING_PORTS[machine.role] not in [listener.port for listener in machine.listeners]:
        yield f"nothing is said to listen at the signing port of {machine.name}"


def _tunnels(world: World, machine: Machine, intent: Intent) -> Iterator[str]:
    for tunnel in machine.tunnels:
        peers = [one for one in world.machines if one.key == tunnel.key]
        if not peers:
            yield f"{machine.name} has a tunnel to a key that no host has"
        for peer in peers:
            if tunnel.allowed != ((peer.mesh_address, peer.mesh_address),):
                yield f"{machine.name} lets {peer.name} send from other addresses than its own"
            if not list(inside(machine, peer, intent)) and not list(inside(peer, machine, intent)):
                yield f"{machine.name} has a tunnel to {peer.name} that nothing needs"
