"""What an operator writes: the value of `redoubt:fleet` in the stack file.

These models hold plain values and check one field at a time; what only the whole fleet shows is checked in
`fleet.refusals`. The JSON schema of `Fleet` is in docs/reference, where editors find it.
"""

from ipaddress import IPv4Address
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fleet.fields import (
    AdminRange,
    AwsAccount,
    ChainId,
    FleetName,
    GcpProject,
    HostName,
    HttpsUrl,
    Ipv4,
    Ipv4Range,
    Latitude,
    Longitude,
    PublicKey,
    ServiceAddress,
    Sha256,
    SiteName,
    Version,
)
from fleet.ports import HIGHEST_SITE_ID
from fleet.roles import Role

Egress = Literal["nat", "sealed"]


class Model(BaseModel):
    """Frozen, strict about types, and without room for a misspelt key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Download(Model):
    """A file that hosts fetch and verify before they use it."""

    url: HttpsUrl
    """Where it is, https only."""
    sha256: Sha256
    """Its checksum, 64 lower-case hex digits."""


class Chain(Model):
    """The chain that the validator serves."""

    profile: Literal["cometbft", "cosmos-sdk"]
    """How its node is configured: `cometbft` is the built-in key-value app, for rehearsals."""
    chain_id: ChainId
    """The chain's id, as in its genesis file."""
    consensus_version: Version
    """Version of CometBFT in the node's binary, for example 0.38.25."""
    binary: Download
    """The node's binary."""
    genesis: Download
    """The chain's genesis file."""
    rtt_budget_ms: Annotated[int, Field(ge=1, le=1000)] = 100
    """Longest round trip in milliseconds that signing may take between two hosts. Horcrux users report 30 ms as safe for
    1 s blocks and 100 to 200 ms as too slow (horcrux issue 214, pull request 218)."""


class Access(Model):
    """Who may administer the fleet, and from where."""

    admin_cidrs: Annotated[tuple[AdminRange, ...], Field(min_length=1)]
    """Ranges that may open SSH to the gateways; at least two on mainnet."""
    ssh_user_ca: PublicKey
    """Public key of the certificate authority that signs operators' SSH keys."""
    approvers: Annotated[tuple[PublicKey, ...], Field(min_length=1)]
    """Public keys whose signature a change of a cosigner needs; take hardware keys (sk-ssh-ed25519@openssh.com)."""


class Ceremony(Model):
    """What the key ceremony fixed. Written by the ceremony; changing it means a new ceremony."""

    threshold: Annotated[int, Field(ge=2)]
    """Shares that a signature needed when the key was cut."""
    shards: tuple[HostName, ...]
    """The cosigner that received shard 1, 2, 3, ..."""


class AcceptedRisks(Model):
    """Risks that the operator takes with open eyes. Each is repeated in every plan."""

    single_provider: Annotated[str, Field(min_length=20)] | None = None
    """Why one provider may hold a whole quorum, in words: its outage stops signing, and its staff or a stolen account
    could sign."""


class Signer(Model):
    """The threshold signer."""

    kind: Literal["horcrux"]
    """The signing software."""
    threshold: Annotated[int, Field(ge=2)]
    """Shares that one signature needs, t; more than half of the cosigners."""
    shards: tuple[HostName, ...]
    """All cosigners, in the order of their shard ids 1, 2, 3, ...: append new ones, never reorder."""
    ceremony: Ceremony | None = None
    """What the ceremony fixed, once it is done."""
    accepted_risks: AcceptedRisks = AcceptedRisks()
    """Risks taken with open eyes."""


class HostCount(Model):
    """How many hosts of a role a site has, where some ordinals are not to be used again."""

    count: Annotated[int, Field(ge=0, le=64)]
    """Hosts that are to exist."""
    retired: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Ordinals that are gone for ever; the hosts take the lowest others."""

    def ordinals(self) -> tuple[int, ...]:
        """The ordinals in use, ascending."""
        found: list[int] = []
        candidate = 0
        while len(found) < self.count:
            candidate += 1
            if candidate not in self.retired:
                found.append(candidate)
        return tuple(found)


def _count(value: object) -> object:
    """A plain number is a count; behind a validator in Python the parser takes tuples only."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"count": value}
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        retired = given.get("retired")
        return {**given, "retired": tuple(cast("list[object]", retired))} if isinstance(retired, list) else given
    return value


Count = Annotated[HostCount, BeforeValidator(_count, json_schema_input_type=int | HostCount)]


class Machine(Model):
    """The size of a host."""

    type: Annotated[str, Field(min_length=2, max_length=40)]
    """The provider's name for the machine type, amd64."""
    data_gb: Annotated[int, Field(ge=0, le=16000)]
    """Size of the data volume in GB; 0 for none."""


class Machines(Model):
    """Sizes that differ from the defaults of `fleet/machines.py`."""

    gateway: Machine | None = None
    sentry: Machine | None = None
    validator: Machine | None = None
    cosigner: Machine | None = None
    monitor: Machine | None = None

    def of(self, role: Role) -> Machine | None:
        """The size given for a role, if any."""
        given: Machine | None = getattr(self, role)
        return given


SiteId = Annotated[int, Field(ge=1, le=HIGHEST_SITE_ID)]


class _CloudSite(Model):
    """One provider in one region."""

    id: SiteId
    """Fixed for the life of the site: names, addresses and ports derive from it. 1 to 200."""
    name: SiteName
    """What people call the site; changing it changes no host."""
    region: str
    """The provider's name for the region."""
    cidr: Ipv4Range | None = None
    """Private range of the site's network, /16 to /20; 10.<id>.0.0/16 where it is not given."""
    egress: Egress = "sealed"
    """Way out of the private hosts: the provider's NAT gateway, or none but the gateway's proxy."""
    sentries: Count = HostCount(count=0)
    validators: Count = HostCount(count=0)
    cosigners: Count = HostCount(count=0)
    monitors: Count = HostCount(count=0)
    machines: Machines = Machines()

    def counts(self) -> dict[Role, HostCount]:
        """Hosts by role. Every site of a cloud has one gateway."""
        return {
            "gateway": HostCount(count=1),
            "sentry": self.sentries,
            "validator": self.validators,
            "cosigner": self.cosigners,
            "monitor": self.monitors,
        }


class AwsQuotas(Model):
    """Quotas of the account, where AWS has raised them."""

    elastic_ips: Annotated[int, Field(ge=1)] = 5
    """Elastic IP addresses in the region."""
    rules_per_group: Annotated[int, Field(ge=1)] = 60
    """Rules of a security group in one direction."""


class _ZonedSite(_CloudSite):
    """A site whose provider places hosts by zone."""

    zones: tuple[str, ...] = ()
    """Zone of ordinal 1, 2, 3, ... of every role: append, never change. Two zones in turn where it is not given."""


class AwsSite(_ZonedSite):
    """A region of AWS."""

    provider: Literal["aws"]
    account: AwsAccount | None = None
    """The account the site belongs to; with it a wrong login is refused before anything is made."""
    quotas: AwsQuotas = AwsQuotas()


class GcpQuotas(Model):
    """Quotas of the project, where Google has set others than it usually does."""

    firewalls: Annotated[int, Field(ge=1)] = 100
    """Firewalls in the project."""
    static_addresses: Annotated[int, Field(ge=1)] = 8
    """Static external addresses in the region."""


class GcpSite(_ZonedSite):
    """A region of GCP."""

    provider: Literal["gcp"]
    project: GcpProject
    """The project's id."""
    quotas: GcpQuotas = GcpQuotas()


class DigitalOceanSite(_CloudSite):
    """A region of DigitalOcean."""

    provider: Literal["digitalocean"]


class MetalHost(Model):
    """A machine that is there already."""

    name: SiteName
    """What people call it, for example its place in the rack."""
    role: Literal["sentry", "validator", "cosigner", "monitor"]
    """A host has one role."""
    ordinal: Annotated[int, Field(ge=1)] = 1
    """Fixed for the life of the host; tells hosts of one role at this site apart."""
    address: Ipv4
    """Its public address."""
    host_key: PublicKey
    """Its SSH host key, read at its console."""
    accepts_udp: bool = True
    """False where a firewall before it drops what it did not ask for: then only it opens tunnels."""


class Location(Model):
    """Where a site is."""

    latitude: Latitude
    longitude: Longitude


class MetalSite(Model):
    """Machines at one location, which fail together."""

    provider: Literal["baremetal"]
    id: SiteId
    name: SiteName
    location: Location | None = None
    """Where it is; without it the delay to other sites cannot be estimated."""
    jump_sites: Annotated[tuple[SiteId, ...], Field(min_length=2, max_length=2)]
    """The two sites, of different providers, whose gateways may open SSH to these hosts."""
    hosts: Annotated[tuple[MetalHost, ...], Field(min_length=1)]


CloudSite = AwsSite | GcpSite | DigitalOceanSite
Site = Annotated[CloudSite | MetalSite, Field(discriminator="provider")]


class Services(Model):
    """Public services that gateways and metal hosts use, by address: names would need a resolver first."""

    resolvers: Annotated[tuple[ServiceAddress, ...], Field(min_length=1)] = (
        IPv4Address("9.9.9.9"),
        IPv4Address("149.112.112.112"),
    )
    """DNS over TLS (port 853); Quad9 where none is given (quad9.net, service addresses)."""
    time_servers: Annotated[tuple[ServiceAddress, ...], Field(min_length=1)] = (
        IPv4Address("162.159.200.1"),
        IPv4Address("162.159.200.123"),
    )
    """NTP; time.cloudflare.com where none is given (developers.cloudflare.com/time-services)."""


class Fleet(Model):
    """All that one stack deploys for one validator identity."""

    name: FleetName = "redoubt"
    """Begins every name that an account shares with other fleets. 2 to 12 letters and digits."""
    network: Literal["testnet", "mainnet"]
    """Whether real stake depends on this fleet: mainnet is held to more."""
    chain: Chain
    access: Access
    signer: Signer
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    services: Services = Services()
    measured_rtt_ms: dict[str, Annotated[float, Field(gt=0, le=1000)]] = {}
    """Measured round trips in milliseconds that replace the estimates, by two site ids: {"1-2": 31.5}."""
    let_go: tuple[HostName, ...] = ()
    """Hosts that the next `up` unprotects, so that the one after it may remove or replace them; one signing host at once."""
    retire: bool = False
    """True lets go of the whole fleet: the next `up` unprotects, and only a `destroy` after it removes."""
