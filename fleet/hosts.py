"""Hosts and sites as the plan holds them: named, addressed, numbered."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from fleet.addressing import (
    Address,
    host_address,
    mesh_address,
    private_symbol,
    public_symbol,
    subnet_range,
)
from fleet.discovery import PROVIDERS
from fleet.naming import group_name, physical_name, site_name
from fleet.placement import Place, places
from fleet.ports import wan_port
from fleet.refusals.network import site_range
from fleet.roles import PRIVATE_ROLES, PUBLIC_ROLES, SIGNING_ROLES, Role, slot
from fleet.sites import CloudSite, Egress, Machine, MetalSite
from fleet.spec import Fleet


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A /24 of a site.

    Attributes:
        name: Logical name, for example `s1-private-a`.
        public: Whether its hosts have public addresses.
        zone: The zone it lies in; None where subnets belong to the region.
        cidr: Its range.
    """

    name: str
    public: bool
    zone: str | None
    cidr: str


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host.

    Attributes:
        name: Logical name, unique in the fleet: s<site id>-<role>-<ordinal>.
        full_name: Name that an account may share with other fleets and stacks.
        group: Logical name of the hosts of this role in this site, which share cloud firewall rules.
        label: What people call it: the config's name of a metal host, else the logical name.
        zone: The provider's zone; None where it has none.
        subnet: Logical name of its subnet; None where the provider has none.
        private_address: Its address in the site's network; None for metal.
        public_address: Its address on the Internet; None for private hosts.
        mesh_address: Its address inside WireGuard, kept for it also while it has no tunnel.
        wan_port: The UDP port that stands for it at its gateway; None where it is reached directly.
        machine: The provider's machine type; None for metal.
        data_gb: Size of its data volume, 0 for none.
        shard_id: 1 to n for a cosigner, else None.
        accepts_udp: Whether peers may open a tunnel to it.
        host_key: Its SSH host key where the config knows it (metal); a host in a cloud makes its own.
    """

    name: str
    full_name: str
    group: str
    label: str
    site_id: int
    provider: str
    role: Role
    ordinal: int
    zone: str | None
    subnet: str | None
    private_address: Address | None
    public_address: Address | None
    mesh_address: str
    wan_port: int | None
    machine: str | None
    data_gb: int
    shard_id: int | None
    accepts_udp: bool
    host_key: str | None

    @property
    def slot(self) -> int:
        """Its place among its site's 64 slots."""
        return slot(self.role, self.ordinal)

    @property
    def relayed(self) -> bool:
        """Whether other sites reach it through its gateway only."""
        return self.public_address is None

    @property
    def mesh_namespace(self) -> bool:
        """Whether its chain and signer run in a network namespace that holds nothing but `lo` and WireGuard.

        A sentry cannot: strangers reach it outside the mesh.
        """
        return self.role in SIGNING_ROLES or (self.provider == "baremetal" and self.role != "sentry")


@dataclass(frozen=True, kw_only=True)
class SitePlan:
    """One site.

    Attributes:
        name: Logical name, s<id>.
        label: The config's name.
        cidr: Private range; None for metal.
        egress: Way out of the private hosts; None for metal, which has its own line.
        gateway: Name of its gateway; None for metal.
        jump_sites: For metal, the sites whose gateways may open SSH to it.
        account: The account or project it belongs to, where the config names one.
    """

    id: int
    name: str
    label: str
    provider: str
    region: str | None
    cidr: str | None
    egress: Egress | None
    subnets: tuple[Subnet, ...]
    gateway: str | None
    jump_sites: tuple[int, ...]
    account: str | None


def site_plans(fleet: Fleet) -> tuple[SitePlan, ...]:
    """The sites, by id."""
    hosts = places(fleet)
    return tuple(
        _metal_site(site) if isinstance(site, MetalSite) else _cloud_site(site, hosts)
        for site in sorted(fleet.sites, key=lambda site: site.id)
    )


def _metal_site(site: MetalSite) -> SitePlan:
    return SitePlan(
        id=site.id,
        name=site_name(site.id),
        label=site.name,
        provider="baremetal",
        region=None,
        cidr=None,
        egress=None,
        subnets=(),
        gateway=None,
        jump_sites=site.jump_sites,
        account=None,
    )


def _cloud_site(site: CloudSite, hosts: tuple[Place, ...]) -> SitePlan:
    inside = [host for host in hosts if host.site_id == site.id]
    return SitePlan(
        id=site.id,
        name=site_name(site.id),
        label=site.name,
        provider=site.provider,
        region=site.region,
        cidr=str(site_range(site)),
        egress=site.egress,
        subnets=_subnets(site, inside),
        gateway=next(host.name for host in inside if host.role == "gateway"),
        jump_sites=(),
        account=PROVIDERS[site.provider].account(site),
    )


def _subnets(site: CloudSite, inside: list[Place]) -> tuple[Subnet, ...]:
    """The subnets that hosts and NAT gateways stand in."""
    used = {_subnet(site, host, public=host.role in PUBLIC_ROLES) for host in inside}
    if site.egress == "nat" and PROVIDERS[site.provider].nat_stands_in_subnet:
        used |= {_subnet(site, host, public=True) for host in inside}
    return tuple(sorted((subnet for subnet in used if subnet is not None), key=lambda subnet: subnet.name))


def _subnet(site: CloudSite, place: Place, *, public: bool) -> Subnet | None:
    """The subnet of a place: by zone or by region, or none where the provider's networks have none."""
    kind = "public" if public else "private"
    facts = PROVIDERS[site.provider]
    if facts.subnets is None:
        return None
    if facts.subnets == "zone" and facts.zones is not None and place.zone is not None:
        letter = facts.zones.letter(site.region, place.zone)
        if letter is None:
            message = f"sites[{site.name}].zones: {place.zone} is no zone of {site.region}: name one of it"
            raise ValueError(message)
        cidr = subnet_range(site_range(site), public=public, zone_index=ord(letter) - ord("a"))
        return Subnet(name=f"{site_name(site.id)}-{kind}-{letter}", public=public, zone=place.zone, cidr=str(cidr))
    cidr = subnet_range(site_range(site), public=public, zone_index=0)
    return Subnet(name=f"{site_name(site.id)}-{kind}", public=public, zone=None, cidr=str(cidr))


def host_plans(fleet: Fleet, stack: str) -> tuple[Host, ...]:
    """The hosts, by site id, role and ordinal."""
    sites = {site.id: site for site in fleet.sites}
    return tuple(_host(fleet, stack, sites[place.site_id], place) for place in places(fleet))


def _host(fleet: Fleet, stack: str, site: CloudSite | MetalSite, place: Place) -> Host:
    private: Address | None = None
    public: Address | None = None
    subnet: Subnet | None = None
    if isinstance(site, MetalSite):
        public = str(place.metal.address) if place.metal else None
    else:
        subnet = _subnet(site, place, public=place.role in PUBLIC_ROLES)
        private = _private_address(site, place, subnet)
        public = public_symbol(place.name) if place.role in PUBLIC_ROLES else None
    size = None if isinstance(site, MetalSite) else _machine(site, place.role)
    shards = fleet.signer.shards
    return Host(
        name=place.name,
        full_name=physical_name(fleet.name, stack, place.name),
        group=group_name(place.site_id, place.role),
        label=place.metal.name if place.metal else place.name,
        site_id=place.site_id,
        provider=place.provider,
        role=place.role,
        ordinal=place.ordinal,
        zone=place.zone,
        subnet=subnet.name if subnet else None,
        private_address=private,
        public_address=public,
        mesh_address=str(mesh_address(place.site_id, place.role, place.ordinal)),
        wan_port=wan_port(slot(place.role, place.ordinal)) if place.role in PRIVATE_ROLES and not place.metal else None,
        machine=size.type if size else None,
        data_gb=size.data_gb if size else 0,
        shard_id=shards.index(place.name) + 1 if place.name in shards else None,
        accepts_udp=place.metal.accepts_udp if place.metal else True,
        host_key=place.metal.host_key if place.metal else None,
    )


def _machine(site: CloudSite, role: Role) -> Machine:
    """The size of a role's hosts in a site."""
    return site.machines.of(role) or PROVIDERS[site.provider].machines[role]


def _private_address(site: CloudSite, place: Place, subnet: Subnet | None) -> Address:
    """Fixed, but for providers that let nobody choose: there it is a symbol."""
    if subnet is None or PROVIDERS[site.provider].chooses_private_addresses:
        return private_symbol(place.name, IPv4Network(subnet.cidr) if subnet else site_range(site))
    return str(host_address(IPv4Network(subnet.cidr), place.role, place.ordinal))
