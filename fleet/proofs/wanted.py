"""What must work: each flow of the matrix, and a path for each end of each tunnel. A fleet must not lock itself out.

This is the one place where the proofs read the matrix: as what is asked for, held against what is rendered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fleet.flows import Flow, Party
from fleet.plan import Plan
from fleet.proofs.model import (
    EVERY_PORT,
    IPV4,
    Machine,
    Protocol,
    Span,
    Spans,
    difference_of_spans,
    span,
    written,
)
from fleet.proofs.reach import Delivery, Reach
from fleet.proofs.regions import Box, Region, as_peers, difference, intersection

PROTOCOL: Final[Mapping[str, Protocol]] = {"tcp": "tcp", "udp": "udp", "icmp": "icmp"}


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A flow that is wanted and does not get through."""

    what: str
    packet: str

    def __str__(self) -> str:
        """The flow and a packet of it that is lost."""
        return f"{self.what}: {self.packet} does not arrive"


def lost_flows(reach: Reach, planned: Plan) -> Iterator[Missing]:
    """Rows of the matrix that are not possible, but for the legs of tunnels, which `paths` follows whole."""
    sent = _Sent(reach)
    for flow in planned.flows:
        if flow.row == "tunnel":
            continue
        for wanted, arriving in _wanted(sent, planned, flow):
            rest = difference((wanted,), arriving)
            if rest:
                yield Missing(what=_named(flow), packet=_packet(rest[0]))


def _named(flow: Flow) -> str:
    return f"{flow.row} from {flow.source.name} to {flow.destination.name} over {flow.carrier}"


def _packet(box: Box) -> str:
    return f"{box.protocol} port {box.ports[0]} from port {box.source_ports[0]}, other end {written(box.peers[0])}"


class _Sent:
    """What honest machines deliver, worked out once for each."""

    def __init__(self, reach: Reach):
        self.reach = reach
        self._by_machine: dict[str, dict[tuple[str, str], list[Delivery]]] = {}
        strangers = difference_of_spans((IPV4,), reach.own)
        self._parties: dict[Party, Spans] = {}
        self._internet: dict[str, Region] = {}
        self._outside: dict[str, list[Delivery]] = {}
        for delivery in reach.from_outside("outside", strangers):
            self._outside.setdefault(delivery.target, []).append(delivery)

    def outside_fleet(self, party: Party) -> Spans:
        """The addresses of a party that are nobody's of the fleet."""
        if party not in self._parties:
            self._parties[party] = difference_of_spans(_ranges(party), self.reach.own)
        return self._parties[party]

    def between(self, sender: str, target: str, place: str) -> list[Delivery]:
        """What one machine delivers to another, without relays."""
        if sender not in self._by_machine:
            found: dict[tuple[str, str], list[Delivery]] = {}
            for delivery in self.reach.from_machine(sender, taken=False):
                if not delivery.through:
                    found.setdefault((delivery.target, delivery.place), []).append(delivery)
            self._by_machine[sender] = found
        return self._by_machine[sender].get((target, place), [])

    def to_internet(self, sender: str) -> Region:
        """What an honest machine can send to the Internet."""
        if sender not in self._internet:
            self._internet[sender] = tuple(box for one in self.reach.to_internet(sender) for box in one.region)
        return self._internet[sender]

    def to_provider(self, sender: str) -> Region:
        """What an honest machine can send to its provider's own services."""
        return tuple(box for one in self.reach.to_provider(sender) for box in one.region)

    def outside(self, target: str) -> list[Delivery]:
        """What addresses outside the fleet deliver to a machine."""
        return self._outside.get(target, [])


def _wanted(sent: _Sent, planned: Plan, flow: Flow) -> Iterator[tuple[Box, Region]]:
    """The packets of a row with those that arrive, once for each pair of addresses."""
    source, destination = flow.source.name in planned.host, flow.destination.name in planned.host
    if source and destination:
        place = "mesh" if flow.carrier == "mesh" else "interface"
        found = sent.between(flow.source.name, flow.destination.name, place)
        near = flow.carrier == "site"
        region = tuple(
            box
            for one in found
            if flow.carrier == "mesh" or near == _is_private(sent.reach.machines[flow.destination.name], one)
            for box in one.region
        )
        yield _box(flow, (0, 0)), as_peers(region, (0, 0))
    elif destination:
        yield from _from_outside(sent, flow)
    else:
        yield from _to_outside(sent, flow)


def _is_private(machine: Machine, delivery: Delivery) -> bool:
    return any(one.address == delivery.destination for one in machine.interfaces)


def _box(flow: Flow, peers: Span) -> Box:
    if flow.protocol == "icmp":
        number = flow.first_port * 256 + flow.last_port
        return Box("icmp", peers, EVERY_PORT, (number, number))
    source_ports = EVERY_PORT if flow.source_port is None else (flow.source_port, flow.source_port)
    return Box(PROTOCOL[flow.protocol], peers, source_ports, (flow.first_port, flow.last_port))


def _from_outside(sent: _Sent, flow: Flow) -> Iterator[tuple[Box, Region]]:
    """A row that begins outside the fleet: at strangers and operators, or at a router of the site's network."""
    if flow.carrier == "site":
        others = sent.outside_fleet(flow.source)
        name = flow.destination.name
        arriving = [one for one in sent.reach.from_nearby(others, name) if one.target == name]
    else:
        arriving = sent.outside(flow.destination.name)
    region = tuple(box for one in arriving for box in one.region)
    for peers in sent.outside_fleet(flow.source):
        yield _box(flow, peers), region


def _to_outside(sent: _Sent, flow: Flow) -> Iterator[tuple[Box, Region]]:
    """A row that ends outside the fleet: on the Internet, or at the provider's own services."""
    name = flow.source.name
    if flow.carrier == "link":
        region = sent.to_provider(name)
        services = [span for one in sent.reach.machines[name].interfaces for span in one.provider_services]
        for peers in _parts(_ranges(flow.destination), tuple(services)):
            yield _box(flow, peers), region
        return
    region = sent.to_internet(name)
    for peers in sent.outside_fleet(flow.destination):
        yield _box(flow, peers), region


def _ranges(party: Party) -> Spans:
    return tuple(span(cidr) for cidr in party.cidrs)


def _parts(ranges: Spans, inside: Spans) -> Iterator[Span]:
    for first, last in ranges:
        for low, high in inside:
            if max(first, low) <= min(last, high):
                yield max(first, low), min(last, high)


@dataclass(frozen=True, kw_only=True)
class Path:
    """How packets of a tunnel get from one end to the other.

    Attributes:
        through: The gateways that relay them.
    """

    sender: str
    target: str
    through: tuple[str, ...]


def paths(reach: Reach) -> tuple[list[Path], list[Missing]]:
    """The path of each end of each tunnel that opens it, and the ends that have none."""
    found: list[Path] = []
    lost: list[Missing] = []
    by_key = {machine.key: machine.name for machine in reach.machines.values()}
    for machine in reach.machines.values():
        for tunnel in machine.tunnels:
            if tunnel.endpoint is None or tunnel.key not in by_key:
                continue
            target, (address, port) = by_key[tunnel.key], tunnel.endpoint
            packet = Box("udp", IPV4, (machine.port, machine.port), (port, port))
            arrived = [one for one in reach.to_address(machine.name, address, packet) if _arrives(reach, one, target)]
            if arrived:
                found.append(Path(sender=machine.name, target=target, through=arrived[0].through))
            else:
                what = f"tunnel from {machine.name} to {target}"
                lost.append(Missing(what=what, packet=f"udp from port {machine.port} to {written(address)}:{port}"))
    return found, lost


def _arrives(reach: Reach, delivery: Delivery, target: str) -> bool:
    port = reach.machines[target].port
    wanted = (Box("udp", IPV4, EVERY_PORT, (port, port)),)
    return delivery.target == target and delivery.place == "interface" and bool(intersection(delivery.region, wanted))


def unopened(paths_found: Sequence[Path], planned: Plan) -> Iterator[Missing]:
    """Pairs whose tunnel nobody can open."""
    opened = {frozenset((path.sender, path.target)) for path in paths_found}
    for pair in planned.pairs:
        if frozenset((pair.a, pair.b)) not in opened:
            yield Missing(what=f"tunnel between {pair.a} and {pair.b}", packet="a handshake of either end")
