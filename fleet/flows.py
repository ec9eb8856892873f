"""The flow matrix: who may talk to whom, on which port, over what, and why. The only place where a port is opened.

Cloud firewalls, host firewalls, tunnels and the table in the docs are rendered from these rows. A row says who opens the
flow; replies belong to it. What no row names is refused, in both directions, by both layers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fleet import ports
from fleet.addressing import LINK_LOCAL, Address, global_internet
from fleet.discovery import PROVIDERS
from fleet.hosts import Host, SitePlan
from fleet.mesh import Pair
from fleet.ports import lan_port, wan_port
from fleet.roles import PRIVATE_ROLES
from fleet.spec import Fleet

Carrier = Literal["public", "site", "mesh", "link"]
"""How a flow travels: over the Internet, inside a site's network, inside WireGuard, or link-local, which no cloud
firewall filters (AWS: groups do not filter metadata, DHCP, time and resolver addresses; EC2 user guide)."""
Protocol = Literal["tcp", "udp", "icmp"]

METADATA: Final = "169.254.169.254/32"


@dataclass(frozen=True, order=True, kw_only=True)
class Party:
    """One end of a flow: a host of the fleet, or a network outside it.

    Attributes:
        name: A host's logical name, or a network's name such as `internet`.
        cidrs: The network's ranges; empty for a host, whose address is the plan's.
    """

    name: str
    cidrs: tuple[str, ...] = ()

    @property
    def is_host(self) -> bool:
        """Whether it is a host of the fleet."""
        return not self.cidrs


@dataclass(frozen=True, order=True, kw_only=True)
class Flow:
    """One row.

    Attributes:
        row: Which kind of row, for example `p2p-public`; the table in the docs has a line for each.
        first_port: First destination port; the type for ICMP.
        last_port: Last destination port; the code for ICMP.
        source_port: The one source port that is admitted; None for any.
        reason: Why, in words.
    """

    row: str
    source: Party
    destination: Party
    protocol: Protocol
    first_port: int
    last_port: int
    carrier: Carrier
    reason: str
    source_port: int | None = None


INTERNET: Final = Party(name="internet", cidrs=("0.0.0.0/0",))
"""As a source: anybody."""
INTERNET_OUT: Final = Party(name="internet", cidrs=tuple(str(block) for block in global_internet()))
"""As a destination: what is globally reachable; private, shared and link-local ranges are no Internet."""

EXPORTERS: Final[dict[str, tuple[int, ...]]] = {
    "gateway": (ports.NODE_METRICS,),
    "sentry": (ports.NODE_METRICS, ports.COMETBFT_METRICS),
    "validator": (ports.NODE_METRICS, ports.COMETBFT_METRICS),
    "cosigner": (ports.NODE_METRICS, ports.HORCRUX_METRICS),
    "monitor": (ports.NODE_METRICS,),
}


def flows(fleet: Fleet, sites: Sequence[SitePlan], hosts: Sequence[Host], pairs: Sequence[Pair]) -> tuple[Flow, ...]:
    """All rows, sorted."""
    by_name = {host.name: host for host in hosts}
    found: set[Flow] = set()
    for site in sites:
        inside = [host for host in hosts if host.site_id == site.id]
        found.update(
            _metal_rows(fleet, site, inside, sites) if site.gateway is None else _site_rows(fleet, site, inside)
        )
    found.update(_stranger_rows(hosts))
    for pair in pairs:
        a, b = by_name[pair.a], by_name[pair.b]
        found.update(_mesh_rows(pair, a, b))
    found.update(_tunnel_rows(hosts, pairs))
    return tuple(sorted(found))


def _tcp(row: str, source: Party, destination: Party, port: int, carrier: Carrier, reason: str) -> Flow:
    return Flow(
        row=row,
        source=source,
        destination=destination,
        protocol="tcp",
        first_port=port,
        last_port=port,
        carrier=carrier,
        reason=reason,
    )


def _udp(
    row: str,
    source: Party,
    destination: Party,
    port: int,
    carrier: Carrier,
    reason: str,
    source_port: int | None = None,
) -> Flow:
    return Flow(
        row=row,
        source=source,
        destination=destination,
        protocol="udp",
        first_port=port,
        last_port=port,
        carrier=carrier,
        reason=reason,
        source_port=source_port,
    )


def _fragmentation(source: Party, destination: Party, carrier: Carrier) -> Flow:
    return Flow(
        row="path-mtu",
        source=source,
        destination=destination,
        protocol="icmp",
        first_port=3,
        last_port=4,
        carrier=carrier,
        reason="routers say that a packet is too large; without it large packets vanish",
    )


def _admins(fleet: Fleet) -> Party:
    return Party(name="admin", cidrs=tuple(str(one) for one in fleet.access.admin_cidrs))


def _stranger_rows(hosts: Sequence[Host]) -> Iterator[Flow]:
    """What strangers may open, and what a public node opens to them."""
    for host in hosts:
        party = Party(name=host.name)
        if host.public_address is not None:
            yield _fragmentation(INTERNET, party, "public")
        if host.role != "sentry":
            continue
        yield _tcp("p2p-public", INTERNET, party, ports.P2P, "public", "any node of the chain may connect to a sentry")
        yield Flow(
            row="p2p-out",
            source=party,
            destination=INTERNET_OUT,
            protocol="tcp",
            first_port=1,
            last_port=65535,
            carrier="public",
            reason="nodes of the chain listen on any port",
        )


def _site_rows(fleet: Fleet, site: SitePlan, inside: Sequence[Host]) -> Iterator[Flow]:
    """The rows of a cloud site, but for tunnels."""
    gateway = Party(name=site.gateway or "")
    network = Party(name=f"{site.name}-network", cidrs=(site.cidr or "",))
    yield _tcp("ssh-admin", _admins(fleet), gateway, ports.SSH, "public", "operators reach the fleet through gateways")
    yield from _services(fleet, gateway)
    yield _tcp("proxy-out", gateway, INTERNET_OUT, ports.HTTPS, "public", "the proxy fetches what its allow-list names")
    for host in inside:
        party = Party(name=host.name)
        yield _fragmentation(network, party, "site")
        yield from _link_rows(host)
        if host.role == "gateway":
            continue
        yield _tcp(
            "ssh-inner", gateway, party, ports.SSH, "site", "operators and applies reach hosts through the gateway"
        )
        yield _tcp("proxy", party, gateway, ports.PROXY, "site", "updates come through the allow-list of the gateway")
        yield _udp("time", party, gateway, ports.NTP, "site", "the clock of the gateway is the second source of time")
        if host.role in PRIVATE_ROLES and site.egress == "nat":
            reason = "the egress of the site is nat: HTTPS through the NAT gateway"
            yield _tcp("egress-nat", party, INTERNET_OUT, ports.HTTPS, "public", reason)


def _services(fleet: Fleet, party: Party) -> Iterator[Flow]:
    """The public resolvers and clocks that gateways and metal hosts use, by address."""
    for address in fleet.services.resolvers:
        resolver = Party(name=f"resolver-{address}", cidrs=(f"{address}/32",))
        yield _tcp("names", party, resolver, ports.DNS_OVER_TLS, "public", "names are resolved over TLS")
    for address in fleet.services.time_servers:
        clock = Party(name=f"clock-{address}", cidrs=(f"{address}/32",))
        yield _udp("time-out", party, clock, ports.NTP, "public", "time for the site")


def _link_rows(host: Host) -> Iterator[Flow]:
    """What every cloud host needs of its own link."""
    party = Party(name=host.name)
    metadata = Party(name="metadata", cidrs=(METADATA,))
    dhcp = Party(name="dhcp", cidrs=("255.255.255.255/32", str(LINK_LOCAL), *_own_network(host)))
    yield _tcp("metadata", party, metadata, ports.HTTP, "link", "first boot reads user data; root alone")
    yield _udp("dhcp", party, dhcp, ports.DHCP_SERVER, "link", "the lease is renewed", ports.DHCP_CLIENT)
    found = PROVIDERS[host.provider].clock
    if found is not None:
        clock = Party(name="provider-clock", cidrs=(found,))
        yield _udp(
            "time-link", party, clock, ports.NTP, "link", "the clock of the provider is the first source of time"
        )


def _own_network(host: Host) -> tuple[str, ...]:
    """The block whose first addresses the provider's DHCP server answers from."""
    address = host.private_address
    if address is None:
        return ()
    return (f"{address.rsplit('.', 1)[0]}.0/24",) if isinstance(address, str) else (address.within,)


def _metal_rows(fleet: Fleet, site: SitePlan, inside: Sequence[Host], sites: Sequence[SitePlan]) -> Iterator[Flow]:
    """The rows of machines that have no gateway of their own."""
    jumps = [other.gateway for other in sites if other.id in site.jump_sites and other.gateway is not None]
    for host in inside:
        party = Party(name=host.name)
        for jump in jumps:
            reason = "operators and applies reach metal through two gateways of different providers"
            yield _tcp("ssh-metal", Party(name=jump), party, ports.SSH, "public", reason)
        yield from _services(fleet, party)
        yield _tcp("metal-out", party, INTERNET_OUT, ports.HTTPS, "public", "updates; metal has no gateway of its own")


def _mesh_rows(pair: Pair, a: Host, b: Host) -> Iterator[Flow]:
    """What travels inside one tunnel."""
    for one, other in ((a, b), (b, a)):
        source, destination = Party(name=one.name), Party(name=other.name)
        if "cosigner" in pair.purposes:
            reason = "cosigners agree on what to sign (Raft and gRPC on one port)"
            yield _tcp("cosigner", source, destination, ports.COSIGNER, "mesh", reason)
        if "privval" in pair.purposes and one.role == "cosigner":
            yield _tcp(
                "privval", source, destination, ports.PRIVVAL, "mesh", "a cosigner dials the validator it serves"
            )
        if "p2p" in pair.purposes:
            yield _tcp(
                "p2p-private", source, destination, ports.P2P, "mesh", "a validator peers with our sentries alone"
            )
        if "metrics" in pair.purposes and one.role == "monitor":
            for port in EXPORTERS[other.role]:
                yield _tcp("metrics", source, destination, port, "mesh", "the monitor reads the exporters")


def _tunnel_rows(hosts: Sequence[Host], pairs: Sequence[Pair]) -> Iterator[Flow]:
    """The WireGuard packets themselves, leg by leg."""
    by_name = {host.name: host for host in hosts}
    gateways = {host.site_id: host for host in hosts if host.role == "gateway"}
    for pair in pairs:
        a, b = by_name[pair.a], by_name[pair.b]
        for one, other in ((a, b), (b, a)):
            if one.site_id == other.site_id and other.private_address is not None:
                yield _leg(one.name, other.name, "site", ports.WIREGUARD, ports.WIREGUARD)
            else:
                yield from _far_legs(one, other, gateways)


def _far_legs(one: Host, other: Host, gateways: Mapping[int, Host]) -> Iterator[Flow]:
    """The legs from one host to another of another site: inside to the gateway, across, and in from the gateway."""
    near, far = one.name, other.name
    leaves, arrives = ports.WIREGUARD, ports.WIREGUARD
    if one.relayed:
        near, leaves = gateways[one.site_id].name, wan_port(one.slot)
        yield _leg(one.name, near, "site", ports.WIREGUARD, lan_port(other.site_id, other.slot))
    if other.relayed:
        far, arrives = gateways[other.site_id].name, wan_port(other.slot)
        yield _leg(far, other.name, "site", lan_port(one.site_id, one.slot), ports.WIREGUARD)
    if other.accepts_udp or one.relayed:
        yield _leg(near, far, "public", leaves, arrives)


def _leg(source: str, destination: str, carrier: Carrier, leaves: int, arrives: int) -> Flow:
    return _udp(
        "tunnel",
        Party(name=source),
        Party(name=destination),
        arrives,
        carrier,
        "WireGuard, end to end encrypted; gateways only forward it",
        leaves,
    )


def address_of(host: Host, carrier: Carrier) -> Address | None:
    """The address under which a host takes part in a flow of that carrier."""
    if carrier == "mesh":
        return host.mesh_address
    return host.public_address if carrier == "public" else host.private_address
