"""Which hosts there are, where each stands, and which cosigner serves which validator."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fleet.discovery import PROVIDERS
from fleet.distance import Coordinates
from fleet.naming import host_name, site_name
from fleet.roles import HIGHEST_ORDINAL, ROLES, Role
from fleet.sites import CloudSite, MetalHost, MetalSite, ZonedSite
from fleet.spec import Fleet


@dataclass(frozen=True, kw_only=True)
class Place:
    """One host and where it stands.

    Attributes:
        zone: The provider's name of its zone; None where the provider has none.
        metal: The config's entry of a machine that is there already; None in a cloud.
    """

    site_id: int
    provider: str
    role: Role
    ordinal: int
    zone: str | None = None
    metal: MetalHost | None = None

    @property
    def name(self) -> str:
        """Its logical name."""
        return host_name(self.site_id, self.role, self.ordinal)

    @property
    def provider_domain(self) -> str:
        """Who can take it down or read it: the cloud, or for metal the location, which no other shares."""
        return site_name(self.site_id) if self.metal else self.provider

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts hosts by site, role and ordinal."""
        return (self.site_id, ROLES.index(self.role), self.ordinal)


def places(fleet: Fleet) -> tuple[Place, ...]:
    """All hosts of a fleet, by site id, role and ordinal. Ordinals beyond what a site can number are left out."""
    found: list[Place] = []
    for site in fleet.sites:
        found += _metal_places(site) if isinstance(site, MetalSite) else _cloud_places(site)
    return tuple(sorted(found, key=lambda place: place.order))


def _metal_places(site: MetalSite) -> Iterator[Place]:
    for host in site.hosts:
        if host.ordinal <= HIGHEST_ORDINAL[host.role]:
            yield Place(site_id=site.id, provider="baremetal", role=host.role, ordinal=host.ordinal, metal=host)


def _cloud_places(site: CloudSite) -> Iterator[Place]:
    for role, count in site.counts().items():
        for ordinal in count.ordinals():
            if ordinal <= HIGHEST_ORDINAL[role]:
                yield Place(
                    site_id=site.id,
                    provider=site.provider,
                    role=role,
                    ordinal=ordinal,
                    zone=zone_of(site, ordinal),
                )


def zone_of(site: CloudSite, ordinal: int) -> str | None:
    """The zone of an ordinal: fixed, since the list is only ever appended to and the default ignores the count."""
    zones = PROVIDERS[site.provider].zones
    if isinstance(site, ZonedSite) and site.zones:
        return site.zones[min(ordinal, len(site.zones)) - 1]
    return None if zones is None else zones.default(site.region, ordinal)


def coordinates(fleet: Fleet) -> dict[int, Coordinates]:
    """Where the sites are, by site id; sites whose place is not known are left out."""
    found: dict[int, Coordinates] = {}
    for site in fleet.sites:
        if isinstance(site, MetalSite):
            if site.location is not None:
                found[site.id] = (site.location.latitude, site.location.longitude)
        elif site.region in PROVIDERS[site.provider].regions:
            found[site.id] = PROVIDERS[site.provider].regions[site.region]
    return found


def dialers(validators: Sequence[Place], cosigners: Sequence[Place]) -> dict[str, tuple[str, ...]]:
    """Shares the cosigners out: each validator gets its own set, disjoint from the others'.

    A node serves one signer connection at a time, so two validators must not share a cosigner; and a set that stands
    wholly in the validator's own site would fall with it. Each validator first gets one cosigner of another site (by
    augmenting paths, so that one is found wherever there is one); the rest are dealt to a set that has none of their
    provider yet, and among those to the smallest: a set within one provider would fall with it.

    Args:
        validators: In the order of the plan.
        cosigners: In the order of their shard ids.

    Returns:
        Names of cosigners by name of validator. A validator for which no cosigner outside its site is left has an
        empty set or one within its site, which `fleet.refusals` refuses.
    """
    taken: dict[str, str] = {}  # cosigner -> validator

    def find(validator: Place, tried: set[str]) -> bool:
        for cosigner in cosigners:
            if cosigner.site_id == validator.site_id or cosigner.name in tried:
                continue
            tried.add(cosigner.name)
            holder = taken.get(cosigner.name)
            if holder is None or find(by_name[holder], tried):
                taken[cosigner.name] = validator.name
                return True
        return False

    by_name = {validator.name: validator for validator in validators}
    domains = {cosigner.name: cosigner.provider_domain for cosigner in cosigners}
    for validator in validators:
        find(validator, set())
    for cosigner in cosigners if validators else ():
        if cosigner.name not in taken:
            taken[cosigner.name] = _poorest(validators, taken, cosigner, domains).name
    return {v.name: tuple(c.name for c in cosigners if taken.get(c.name) == v.name) for v in validators}


def _poorest(
    validators: Sequence[Place], taken: Mapping[str, str], cosigner: Place, domains: Mapping[str, str]
) -> Place:
    """The validator whose set gains most from a cosigner."""
    sizes = Counter(taken.values())
    held = {(validator, domains[name]) for name, validator in taken.items()}
    return min(validators, key=lambda v: ((v.name, cosigner.provider_domain) in held, sizes[v.name], v.order))
