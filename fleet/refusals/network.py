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
from fleet.problems import Problem
from fleet.spec import CloudSite, Fleet, MetalSite

DIGITALOCEAN_RESERVED: Final = tuple(
    IPv4Network(block) for block in ("10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24")
)
"""Ranges that DigitalOcean keeps for itself. General knowledge of its documentation, not verified against the API."""
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
                f"use a free range, for example {_free_range(clouds)}",
            )
    for site in fleet.sites:
        if isinstance(site, MetalSite):
            yield from _metal(site, fleet)
    addresses = Counter(host.address for site in fleet.sites if isinstance(site, MetalSite) for host in site.hosts)
    for address, times in addresses.items():
        if times > 1:
            yield Problem("sites", f"{times} metal hosts have the address {address}", "give each host its own")


def _range(site: CloudSite) -> Iterator[Problem]:
    field, found = f"sites[{site.name}].cidr", site_range(site)
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
    elif site.provider == "digitalocean" and any(found.overlaps(block) for block in DIGITALOCEAN_RESERVED):
        yield Problem(field, "overlaps what DigitalOcean keeps for itself", "stay clear of 10.244.0.0 to 10.246.0.255")


def _free_range(clouds: list[CloudSite]) -> IPv4Network:
    """The first default range that no site has taken."""
    taken = [site_range(site) for site in clouds]
    return next(
        candidate
        for candidate in map(default_site_range, range(1, 244))
        if not any(candidate.overlaps(other) for other in taken)
    )


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
    for host in site.hosts:
        if not host.address.is_global and host.address not in SIMULATED_INTERNET:
            yield Problem(
                f"{field}.hosts[{host.name}].address",
                "is not reachable from the Internet",
                "give the host's public address",
            )
