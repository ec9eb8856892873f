"""Small random fleets as they are rendered: mostly sane, with mistakes of the kinds that people make.

They are written in the providers' own formats, by nothing that renders real fleets, to test what reads and proves them.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

from fleet.proofs.model import Intent, span
from fleet.proofs.reading.resources import HostFacts, Resource
from fleet.proofs.reading.world import HostFiles
from tests.support.small_aws import aws_site
from tests.support.small_digitalocean import digitalocean_site
from tests.support.small_gcp import gcp_site
from tests.support.small_hosts import host_files
from tests.support.small_plan import ADMINS, Dice, Host, small_plan

LEVELS: Final = (0.0, 0.01, 0.03, 0.06, 0.12)
"""How often somebody slipped at one of the hundred or so places in a fleet."""
SITES: Final = {"aws": aws_site, "gcp": gcp_site, "digitalocean": digitalocean_site}


class SmallFleet(NamedTuple):
    """The arguments of `fleet.proofs.reading.world.read_world`, and what the fleet is meant to be."""

    resources: Sequence[Resource]
    hosts: Sequence[HostFacts]
    files: Mapping[str, HostFiles]
    intent: Intent


def small_fleet(random: Random, level: float | None = None) -> SmallFleet:
    """A fleet of two to five hosts.

    Args:
        level: How often a mistake is made at a place where one may be; at random where it is not given.
    """
    dice = Dice(random, random.choice(LEVELS) if level is None else level)
    planned = small_plan(dice)
    resources: list[Resource] = []
    for site in planned.sites:
        if site.provider in SITES and any(one.site == site for one in planned.hosts):
            resources += SITES[site.provider](dice, planned, site)
    sealed = [one.name for one in planned.hosts if one.site.sealed and one.private and one.public is None]
    intent = Intent(
        admins=(span(ADMINS),),
        dialers=planned.dialers,
        jumps=planned.jumps,
        sealed=frozenset(sealed),
    )
    files = {one.name: host_files(dice, planned, one) for one in planned.hosts}
    return SmallFleet(resources, [_facts(one) for one in planned.hosts], files, intent)


def _facts(host: Host) -> HostFacts:
    metal = host.site.provider == "baremetal"
    return HostFacts(
        name=host.name,
        role=host.role,
        site=host.site.name,
        provider=host.site.provider,
        failure_domain=host.site.name if metal else host.site.provider,
        mesh_address=host.mesh,
        metal_address=host.public if metal else None,
    )
