"""Sites and hosts must be told apart, and fit into what a site can number."""

from collections import Counter
from collections.abc import Iterator

from fleet.discovery import PROVIDERS
from fleet.problems import Problem
from fleet.roles import HIGHEST_ORDINAL, Role, plural
from fleet.sites import CloudSite, HostCount, MetalSite, ZonedSite
from fleet.spec import Fleet
from fleet.suggest import meant


def numbering(fleet: Fleet) -> Iterator[Problem]:
    """Duplicate ids and names, ordinals out of range, regions and zones that the provider does not have."""
    yield from _duplicates("id", [str(site.id) for site in fleet.sites], "give each site its own; never reuse one")
    yield from _duplicates("name", [site.name for site in fleet.sites], "give each site its own")
    for site in fleet.sites:
        if isinstance(site, MetalSite):
            yield from _metal(site)
        else:
            for role, count in site.counts().items():
                yield from _ordinals(f"sites[{site.name}].{plural(role)}", role, count)
            yield from _region(site)


def _duplicates(key: str, values: list[str], remedy: str) -> Iterator[Problem]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Problem("sites", f"{times} sites have the {key} {value}", remedy)


def _ordinals(field: str, role: Role, count: HostCount) -> Iterator[Problem]:
    highest = HIGHEST_ORDINAL[role]
    if len(set(count.retired)) != len(count.retired):
        yield Problem(f"{field}.retired", "names an ordinal twice", "name each once")
    if count.count and (max(count.ordinals()) > highest or count.count > highest):
        yield Problem(
            field,
            f"needs ordinal {max(count.ordinals())}, but a site numbers its hosts of this role 1 to {highest}",
            "lower the count, or add a site",
        )


def _region(site: CloudSite) -> Iterator[Problem]:
    facts, field = PROVIDERS[site.provider], f"sites[{site.name}]"
    if site.region not in facts.regions:
        yield Problem(
            f"{field}.region",
            f"is no region of {site.provider} that is known here",
            f"{meant(site.region, facts.regions)}, or add a new one to fleet.providers.{facts.name}",
        )
        return
    if facts.zones is None or not isinstance(site, ZonedSite) or not site.zones:
        return
    for zone in site.zones:
        if facts.zones.letter(site.region, zone) is None:
            known = ", ".join(facts.zones.names(site.region))
            yield Problem(f"{field}.zones", f"names a zone that is not of {site.region}", f"use {known}")
            break
    most = max((max(count.ordinals(), default=0) for count in site.counts().values()), default=0)
    if most > len(site.zones):
        yield Problem(
            f"{field}.zones",
            f"has {len(site.zones)} entries, but ordinals go up to {most}",
            "append the zone of each further ordinal (the same zone may stand again)",
        )


def _metal(site: MetalSite) -> Iterator[Problem]:
    field = f"sites[{site.name}].hosts"
    for (role, ordinal), times in Counter((host.role, host.ordinal) for host in site.hosts).items():
        if times > 1:
            yield Problem(
                field,
                f"{times} hosts are {role} {ordinal}",
                "give each its own ordinal: 1, 2, 3, ... and never change it",
            )
    for host in site.hosts:
        if host.ordinal > HIGHEST_ORDINAL[host.role]:
            highest = HIGHEST_ORDINAL[host.role]
            yield Problem(f"{field}[{host.name}].ordinal", "is too large", f"use 1 to {highest} for a {host.role}")
    for name, times in Counter(host.name for host in site.hosts).items():
        if times > 1:
            yield Problem(field, f"{times} hosts have the name {name}", "give each its own")
