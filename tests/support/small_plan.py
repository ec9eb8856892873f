"""What a small random fleet is meant to be: sites, hosts, tunnels, relays, and who may open what to whom.

It is a plan of its own, made by nothing that plans or renders real fleets. Slips are made where it is rendered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final, TypeVar

WIREGUARD: Final = 51820
WAN_FIRST: Final = 51840
LAN_FIRST: Final = 16384
ADMINS: Final = "192.0.2.16/28"
EVERYBODY: Final = "0.0.0.0/0"
METADATA: Final = "169.254.169.254"
PUBLIC_ROLES: Final = ("gateway", "sentry")
EXPORTERS: Final = {"gateway": (9100,), "sentry": (9100, 26660), "cosigner": (9100, 6001), "monitor": (9100,)}
MESH_PORTS: Final = {
    ("sentry", "validator"): (26656,),
    ("validator", "sentry"): (26656,),
    ("cosigner", "cosigner"): (2222,),
    ("cosigner", "validator"): (1234,),
}
Choice = TypeVar("Choice")


@dataclass
class Dice:
    """Chance, and how often somebody slips.

    Attributes:
        level: Probability of a slip at one of the places where one may happen.
    """

    random: Random
    level: float

    def slips(self, times: float = 1.0) -> bool:
        """Whether a mistake is made here; `times` more often than elsewhere."""
        return self.random.random() < self.level * times

    def chance(self, probability: float) -> bool:
        """Whether something that is no mistake happens."""
        return self.random.random() < probability

    def pick(self, *choices: Choice) -> Choice:
        """One of these."""
        return self.random.choice(choices)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site in one cloud, or one place for metal."""

    number: int
    provider: str
    sealed: bool

    @property
    def name(self) -> str:
        """Its name."""
        return f"s{self.number}"

    @property
    def cidr(self) -> str:
        """The range of its network."""
        return f"10.{self.number}.0.0/16"

    def subnet(self, *, public: bool) -> str:
        """The range of one of its two subnets."""
        return f"10.{self.number}.{1 if public else 2}.0/24"


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host.

    Attributes:
        slot: Its number in the fleet.
        public: Address on the Internet; None for a host that is meant to have none.
    """

    name: str
    role: str
    site: Site
    slot: int
    private: str | None
    public: str | None
    mesh: str
    namespace: bool

    @property
    def key(self) -> str:
        """Its WireGuard public key."""
        return f"key-of-{self.name}="

    @property
    def own_outside(self) -> str:
        """The address that packets from the Internet carry when it sees them."""
        owns = self.site.provider in ("digitalocean", "baremetal")
        return (self.public if owns else self.private) or ""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Something that a host opens, one way: what a rule is rendered from.

    Attributes:
        peers: The other ends: hosts, or ranges.
        place: `net`, `mesh`, or `link` for what no cloud firewall sees.
        root: Whether only root needs it.
    """

    protocol: str
    first: int
    last: int
    peers: tuple["Host | str", ...]
    place: str = "net"
    source_port: int | None = None
    root: bool = False


@dataclass(frozen=True, kw_only=True)
class Forwarding:
    """One direction of a relayed tunnel at a gateway."""

    source: str
    source_port: int
    own: str
    port: int
    target: str
    target_port: int
    new_source: str
    new_source_port: int


@dataclass
class Plan:
    """A small fleet."""

    sites: list[Site]
    hosts: list[Host]
    pairs: list[tuple[Host, Host]] = field(default_factory=list[tuple[Host, Host]])
    dialers: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    jumps: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    incoming: dict[str, list[Opening]] = field(default_factory=dict[str, list[Opening]])
    outgoing: dict[str, list[Opening]] = field(default_factory=dict[str, list[Opening]])
    relays: dict[str, list[Forwarding]] = field(default_factory=dict[str, list[Forwarding]])

    def gateway(self, site: Site) -> Host | None:
        """The gateway of a site."""
        return next((one for one in self.hosts if one.site == site and one.role == "gateway"), None)


def small_plan(dice: Dice) -> Plan:
    """Two to five hosts on one to three sites."""
    count = dice.pick(2, 3, 3, 4, 4, 5)
    sites = [
        Site(number=number, provider=_provider(dice), sealed=dice.chance(0.6))
        for number in range(1, dice.pick(1, 2, 2, min(3, count)) + 1)
    ]
    hosts = [_host(dice, slot, sites) for slot in range(count)]
    planned = Plan(sites, hosts)
    cosigners = [one.name for one in hosts if one.role == "cosigner"]
    for host in hosts:
        if host.role == "validator":
            planned.dialers[host.name] = frozenset(one for one in cosigners if dice.chance(0.7))
        if host.site.provider == "baremetal":
            gateways = [one.name for one in hosts if one.role == "gateway" and one is not host]
            planned.jumps[host.name] = frozenset(gateways[:2])
    planned.pairs = [(a, b) for a in hosts for b in hosts if a.slot < b.slot and _need_a_tunnel(planned, a, b)]
    for host in hosts:
        planned.incoming[host.name], planned.outgoing[host.name] = list(_base(host)), list(_ways_out(host))
    for opener, opened, opening in [*_flows(planned), *_legs(planned)]:
        planned.outgoing[opener.name].append(replace(opening, peers=(opened,)))
        planned.incoming[opened.name].append(replace(opening, peers=(opener,)))
    return planned


def _provider(dice: Dice) -> str:
    return dice.pick("aws", "aws", "gcp", "gcp", "digitalocean", "digitalocean", "baremetal")


def _host(dice: Dice, slot: int, sites: Sequence[Site]) -> Host:
    """The first host in a cloud site is mostly its gateway."""
    site = sites[slot % len(sites)]
    metal = site.provider == "baremetal"
    if slot < len(sites) and not metal and dice.chance(0.8):
        role = "gateway"
    else:
        role = dice.pick("validator", "validator", "cosigner", "cosigner", "sentry", "monitor")
    is_public = metal or role in PUBLIC_ROLES
    return Host(
        name=f"{site.name}-{role}-{slot + 1}",
        role=role,
        site=site,
        slot=slot,
        private=None if metal else f"10.{site.number}.{1 if is_public else 2}.{10 + slot}",
        public=f"203.0.113.{20 + slot}" if metal else f"198.18.4.{20 + 2 * slot}" if is_public else None,
        mesh=f"100.64.{site.number}.{1 + slot}",
        namespace=metal or (role in ("validator", "cosigner") and dice.chance(0.8)),
    )


def exporters(role: str) -> tuple[int, ...]:
    """The ports that a monitor reads."""
    return EXPORTERS.get(role, (9100, 26660))


def _mesh_ports(planned: Plan, opener: Host, opened: Host) -> tuple[int, ...]:
    if opener.role == "monitor":
        return exporters(opened.role)
    if opened.role == "validator" and opener.role == "cosigner" and opener.name not in planned.dialers[opened.name]:
        return ()
    return MESH_PORTS.get((opener.role, opened.role), ())


def _need_a_tunnel(planned: Plan, a: Host, b: Host) -> bool:
    return bool(_mesh_ports(planned, a, b) or _mesh_ports(planned, b, a))


def _base(host: Host) -> Iterator[Opening]:
    """What comes to a host from nobody in particular."""
    yield Opening(protocol="icmp", first=3, last=4, peers=(EVERYBODY,))
    if host.role == "sentry":
        yield Opening(protocol="tcp", first=26656, last=26656, peers=(EVERYBODY,))
    if host.role == "gateway":
        yield Opening(protocol="tcp", first=22, last=22, peers=(ADMINS,))


def _ways_out(host: Host) -> Iterator[Opening]:
    inside = host.site.sealed and host.public is None
    yield Opening(protocol="icmp", first=3, last=4, peers=(host.site.cidr if inside else EVERYBODY,))
    yield Opening(protocol="tcp", first=80, last=80, peers=(METADATA,), place="link", root=True)
    yield Opening(protocol="udp", first=67, last=67, peers=(METADATA,), place="link", source_port=68)
    if host.site.provider in ("aws", "gcp"):
        yield Opening(protocol="udp", first=123, last=123, peers=("169.254.169.123",), place="link")
    if host.role == "sentry":
        yield Opening(protocol="tcp", first=1, last=65535, peers=(EVERYBODY,))
    if host.role == "gateway" or not host.site.sealed:
        yield Opening(protocol="tcp", first=443, last=443, peers=(EVERYBODY,))


def _flows(planned: Plan) -> Iterator[tuple[Host, Host, Opening]]:
    for opener in planned.hosts:
        for opened in planned.hosts:
            if opener is opened:
                continue
            for port in _mesh_ports(planned, opener, opened):
                yield opener, opened, Opening(protocol="tcp", first=port, last=port, peers=(), place="mesh")
            if opener.site == opened.site and opener.private and opened.role == "gateway":
                yield opener, opened, Opening(protocol="tcp", first=3128, last=3128, peers=())
                yield opener, opened, Opening(protocol="udp", first=123, last=123, peers=())
            if opener is planned.gateway(opened.site) or opener.name in planned.jumps.get(opened.name, ()):
                yield opener, opened, Opening(protocol="tcp", first=22, last=22, peers=())


def _legs(planned: Plan) -> Iterator[tuple[Host, Host, Opening]]:
    """The tunnels' outer packets; notes relays at the gateways on the way."""
    for pair in planned.pairs:
        for host, other in (pair, pair[::-1]):
            gateway, far = planned.gateway(host.site), planned.gateway(other.site)
            if host.site == other.site:
                yield host, other, _leg(WIREGUARD, WIREGUARD)
                continue
            end, port = (other, WIREGUARD) if other.public else (far, WAN_FIRST + other.slot)
            if end is None or end.public is None:
                continue
            if host.public:
                yield host, end, _leg(port, WIREGUARD)
                yield end, host, _leg(WIREGUARD, port)
            elif gateway is not None:
                lan, wan = LAN_FIRST + other.slot, WAN_FIRST + host.slot
                yield host, gateway, _leg(lan, WIREGUARD)
                yield gateway, host, _leg(WIREGUARD, lan)
                yield gateway, end, _leg(port, wan)
                yield end, gateway, _leg(wan, port)
                planned.relays.setdefault(gateway.name, []).extend(_relayed(gateway, host, end.public, port, lan, wan))


def _leg(port: int, source_port: int) -> Opening:
    return Opening(protocol="udp", first=port, last=port, peers=(), source_port=source_port)


def _relayed(gateway: Host, host: Host, remote: str, port: int, lan: int, wan: int) -> Iterator[Forwarding]:
    inside, outside, private = gateway.private or "", gateway.own_outside, host.private or ""
    yield Forwarding(
        source=remote,
        source_port=port,
        own=outside,
        port=wan,
        target=private,
        target_port=WIREGUARD,
        new_source=inside,
        new_source_port=lan,
    )
    yield Forwarding(
        source=private,
        source_port=WIREGUARD,
        own=inside,
        port=lan,
        target=remote,
        target_port=port,
        new_source=outside,
        new_source_port=wan,
    )
