"""Ranges that overlap or cannot work, and metal hosts that nobody could administer."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Final

from fleet.addressing import (
    LINK_LOCAL,
    LONGEST_SITE_PREFIX,
    MESH_NETWORK,
    RFC1918,
    SHORTEST_SITE_PREFIX,
    default_site_range,
)
from fleet.discovery import PROVIDERS
from fleet.problems import Problem
from fleet.sites import CloudSite, MetalSite
from fleet.spec import Fleet

SIMULATED_INTERNET: Final = IPv4Network("198.18.0.0/15")


def site_range(site: CloudSite) -> IPv4Network:
    """The private range of a cloud site."""
    return site.cidr or default_site_range(site.id)


def network(fleet: Fleet) -> Iterator[Problem]:
    """All that is wrong with ranges and with the addresses of metal hosts."""
    clouds = [site for site in fleet.sites if not isinstance(site, MetalSite)]
    for site in clouds:
        yield from _range(site)
    for one, other in combinations(clouds, 2):
        if site_range(one).overlaps(site_range(other)):
            yield Problem(
                f"sites[{other.name}].cidr",
                f"{site_range(other)} overlaps {site_range(one)} of {one.name}",
                _free_range(clouds),
            )
    for site in fleet.sites:
        if isinstance(site, MetalSite):
            yield from _metal(site, fleet)
    addresses = Counter(host.address for site in fleet.sites if isinstance(site, MetalSite) for host in site.hosts)
    for address, times in addresses.items():
        if times > 1:
            yield Problem("sites", f"{times} metal hosts have the address {address}", "give each host its own")


def _range(site: CloudSite) -> Iterator[Problem]:
    field, found, facts = f"sites[{site.name}].cidr", site_range(site), PROVIDERS[site.provider]
    if not SHORTEST_SITE_PREFIX <= found.prefixlen <= LONGEST_SITE_PREFIX:
        yield Problem(
            field,
            f"is a /{found.prefixlen}",
            f"use a range from /{SHORTEST_SITE_PREFIX} to /{LONGEST_SITE_PREFIX}",
        )
    elif not any(found.subnet_of(block) for block in RFC1918):
        taken = "the mesh's own range" if found.overlaps(MESH_NETWORK) else "not private"
        taken = "link-local" if found.overlaps(LINK_LOCAL) else taken
        yield Problem(field, f"is {taken}", "use a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
    elif any(found.overlaps(block) for block in facts.reserved):
        blocks = ", ".join(map(str, facts.reserved))
        yield Problem(field, f"overlaps what {facts.title} keeps for itself", f"stay clear of {blocks}")


def _free_range(clouds: list[CloudSite]) -> str:
    """The remedy of an overlap: the first default range that no site has taken. A range that is too wide takes all."""
    taken = [site_range(site) for site in clouds]
    for candidate in map(default_site_range, range(1, 244)):
        if not any(candidate.overlaps(other) for other in taken):
            return f"use a free range, for example {candidate}"
    return f"first narrow the widest range, {min(taken, key=lambda one: one.prefixlen)}"


def _metal(site: MetalSite, fleet: Fleet) -> Iterator[Problem]:
    field = f"sites[{site.name}]"
    jumps = [other for other in fleet.sites if other.id in site.jump_sites and not isinstance(other, MetalSite)]
    if len({other.id for other in jumps}) < len(site.jump_sites):
        yield Problem(
            f"{field}.jump_sites", "does not name two cloud sites", "give the ids of two sites with a gateway"
        )
    elif len({other.provider for other in jumps}) < len(site.jump_sites):
        yield Problem(
            f"{field}.jump_sites",
            "names two sites of one provider, whose outage would cut these hosts off",
            "give the ids of sites of two different providers",
        )
    services = {*fleet.services.resolvers, *fleet.services.time_servers}
    for host in site.hosts:
        operators = [str(one) for one in fleet.access.admin_cidrs if host.address in one]
        if operators or host.address in services:
            whose = f"lies in the admin range {operators[0]}" if operators else "is that of a resolver or clock"
            yield Problem(
                f"{field}.hosts[{host.name}].address",
                f"{whose}, so rules for the one would admit the other",
                "give the host an address of its own, or narrow the range",
            )
        if not host.address.is_global and host.address not in SIMULATED_INTERNET:
            yield Problem(
                f"{field}.hosts[{host.name}].address",
                "is not reachable from the Internet",
                "give the host's public address",
            )
