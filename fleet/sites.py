"""The sites that an operator writes: what those of all clouds share, and bare metal.

What a site of one cloud has beside that stands with the rest of what is known of the cloud, in `fleet.providers`.
"""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fleet.fields import Ipv4, Ipv4Range, Latitude, Longitude, PublicKey, SiteName
from fleet.ports import HIGHEST_SITE_ID
from fleet.roles import Role

Egress = Literal["nat", "sealed"]


class Model(BaseModel):
    """Frozen, strict about types, and without room for a misspelt key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


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
    """Sizes that differ from the provider's defaults (`fleet/providers`)."""

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


class CloudSite(Model):
    """One provider in one region. A provider derives its own from this or from `ZonedSite` (docs/adding-a-provider.md)."""

    provider: Any
    """The provider's name: each provider's own model narrows it to a `Literal` of that name, and type checkers let a field
    be narrowed from `Any` alone."""
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


class ZonedSite(CloudSite):
    """A site whose provider places hosts by zone."""

    zones: tuple[str, ...] = ()
    """Zone of ordinal 1, 2, 3, ... of every role: append, never change. Two zones in turn where it is not given."""


class MetalHost(Model):
    """A machine that is there already."""

    name: SiteName
    """What people call it, for example its place in the rack."""
    role: Literal["sentry", "validator", "cosigner", "monitor"]
    """A host has one role."""
    ordinal: Annotated[int, Field(ge=1)] = 1
    """Fixed for the life of the host; tells hosts of one role at this site apart."""
    address: Ipv4
    """Its public address. It stands on the machine's own interface and is static: no lease is renewed for it."""
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
