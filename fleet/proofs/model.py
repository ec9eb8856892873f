"""What a prover knows of a deployed fleet: machines, their interfaces, and every filter that a packet meets.

The readers (`fleet.proofs.reading`) make it from rendered resources and host files; nothing in it comes from the plan.
Addresses are whole numbers: IPv4 as itself, IPv6 above it, so that one set holds both families.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final, Literal

Span = tuple[int, int]
"""First and last of a contiguous range."""
Spans = tuple[Span, ...]

IPV4: Final[Span] = (0, 2**32 - 1)
IPV6: Final[Span] = (2**32, 2**32 + 2**128 - 1)
ANYWHERE: Final[Spans] = (IPV4, IPV6)
EVERY_PORT: Final[Span] = (0, 65535)

Protocol = Literal["tcp", "udp", "icmp", "other"]
PROTOCOLS: Final[tuple[Protocol, ...]] = ("tcp", "udp", "icmp", "other")
"""ICMP's type and code stand as one port number, type * 256 + code; `other` is every other protocol, whole."""


def span(cidr: str) -> Span:
    """The addresses of a range in CIDR notation, or of one address.

    Raises:
        ValueError: When it is neither.
    """
    network = ip_network(cidr)
    base = IPV6[0] if network.version == 6 else 0
    return base + int(network.network_address), base + int(network.broadcast_address)


def point(address: str) -> int:
    """One address as a number."""
    return span(address)[0]


def written(address: int) -> str:
    """An address as people write it."""
    return str(IPv4Address(address)) if address <= IPV4[1] else str(IPv6Address(address - IPV6[0]))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a filter; the first that matches decides.

    Attributes:
        accept: Whether it lets through or drops.
        protocols: What it speaks of.
        peers: The other end: sources of an incoming packet, destinations of an outgoing one.
        own: The host's own end, where the rule names it.
        source_ports: As the packet carries them.
        ports: Destination ports; type * 256 + code for ICMP.
        root_only: Whether only packets of the host's root user match.
        origin: Where it stands, for people: a resource's URN, or the line of a host's file.
    """

    accept: bool
    protocols: frozenset[Protocol]
    peers: Spans
    origin: str
    own: Spans = ANYWHERE
    source_ports: Span = EVERY_PORT
    ports: Span = EVERY_PORT
    root_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Rules in the order in which they are asked, and what happens where none matches."""

    incoming: tuple[Rule, ...] = ()
    outgoing: tuple[Rule, ...] = ()
    accepts_incoming: bool = False
    accepts_outgoing: bool = False


OPEN: Final = Filter(accepts_incoming=True, accepts_outgoing=True)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where packets for a range leave; the narrowest range decides.

    Attributes:
        via: `local`: the network itself; `internet`: the provider's Internet gateway, for interfaces with a public
            address; `nat`: a NAT gateway.
        addresses: For `nat`, the public addresses that packets then carry; empty where the provider chooses.
    """

    to: Span
    via: Literal["local", "internet", "nat"]
    addresses: Spans = ()
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class Interface:
    """One network interface.

    Attributes:
        network: What it is attached to; interfaces of one network reach each other. Empty for metal.
        network_range: The addresses of that network.
        address: Its own address there; None for metal.
        public: Its address on the Internet; None where it has none.
        guest_owns_public: Whether packets to the public address still carry it when the host sees them (DigitalOcean,
            metal), or the private one (AWS and GCP translate).
        has_ipv6: Whether it has an IPv6 address.
        cloud: The cloud firewall on it; None where there is none.
        reaches_provider: Whether the network itself opens services of the provider: names, or its APIs without a way out.
        provider_services: Addresses at which the provider answers (metadata, time, names), past every cloud firewall.
    """

    network: str
    network_range: Spans
    address: int | None
    public: int | None
    guest_owns_public: bool
    has_ipv6: bool
    cloud: Filter | None
    routes: tuple[Route, ...]
    provider_services: Spans = ()
    reaches_provider: bool = False


@dataclass(frozen=True, kw_only=True)
class Relay:
    """A pair of address translations in a gateway: what it forwards, and as what.

    A packet from `source`:`source_port` to `own`:`port` leaves as `new_source`:`new_source_port` to
    `target`:`target_port`.
    """

    source: int
    source_port: int
    own: int
    port: int
    target: int
    target_port: int
    new_source: int
    new_source_port: int
    origin: str


@dataclass(frozen=True, kw_only=True)
class Tunnel:
    """A WireGuard peer of a host.

    Attributes:
        key: The peer's public key.
        allowed: Inner addresses that the peer may send from and is sent to.
        endpoint: Address and port it is sent to; None where it is waited for.
    """

    key: str
    allowed: Spans
    endpoint: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Something that answers on a host.

    Attributes:
        inside: Whether it runs in the mesh namespace, which has no other interface than WireGuard.
    """

    name: str
    protocol: Protocol
    port: int
    inside: bool


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One host.

    Attributes:
        host: The filter of its own network namespace, as packets of its network interfaces meet it.
        mesh: The filter that packets inside WireGuard meet.
        forwards: Whether it lets through what its relay has rewritten.
        forwards_anything: Whether it lets through whatever else it is asked to forward, outside or inside the mesh.
        key: Its WireGuard public key.
        port: UDP port that WireGuard listens on.
    """

    name: str
    role: str
    site: str
    provider: str
    failure_domain: str
    interfaces: tuple[Interface, ...]
    host: Filter
    mesh: Filter
    forwards: bool
    forwards_anything: bool = False
    relays: tuple[Relay, ...]
    mesh_address: int
    key: str
    port: int
    tunnels: tuple[Tunnel, ...]
    listeners: tuple[Listener, ...]


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a fleet is meant to be, as far as the claims need it. It says who may, never how that is filtered.

    Attributes:
        admins: Addresses that operators administer from.
        dialers: Cosigners that dial a validator, by the validator's name.
        jumps: Gateways that may open SSH to a metal host, by the host's name.
        sealed: Hosts whose site gives them no way out.
    """

    admins: Spans
    dialers: Mapping[str, frozenset[str]]
    jumps: Mapping[str, frozenset[str]]
    sealed: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class World:
    """All machines of a fleet, as deployed."""

    machines: tuple[Machine, ...]

    def machine(self, name: str) -> Machine:
        """The machine of that name."""
        (found,) = [one for one in self.machines if one.name == name]
        return found


def spans(cidrs: Iterable[str]) -> Spans:
    """Several ranges, sorted and merged."""
    return merged(span(cidr) for cidr in cidrs)


def merged(found: Iterable[Span]) -> Spans:
    """Ranges sorted, with overlapping and touching ones made one."""
    result: list[Span] = []
    for first, last in sorted(found):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)


def difference_of_spans(whole: Spans, taken: Spans) -> Spans:
    """The addresses of a set that are not in another."""
    rest = list(whole)
    for low, high in taken:
        rest = [
            piece
            for first, last in rest
            for piece in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if piece[0] <= piece[1]
        ]
    return merged(rest)


def points(found: Iterable[int | None]) -> Spans:
    """Single addresses as a set; None is left out."""
    return merged((one, one) for one in found if one is not None)


def holds(spans: Spans, address: int) -> bool:
    """Whether an address lies in a set."""
    return any(low <= address <= high for low, high in spans)
