"""What the providers allow by default, and the plan's own count held against it, each provider with its own limits.

Limits of an account that a config cannot show (how much else runs in it) are not decided here; `undecided` names them.
"""

from collections.abc import Iterator, Sequence

from fleet.cloudrules import GroupRule
from fleet.discovery import PROVIDERS
from fleet.facts import Share
from fleet.hosts import Host, SitePlan
from fleet.problems import Problem
from fleet.sites import CloudSite, MetalSite
from fleet.spec import Fleet


def limits(
    fleet: Fleet, sites: Sequence[SitePlan], hosts: Sequence[Host], rules: Sequence[GroupRule]
) -> Iterator[Problem]:
    """Counts that exceed a provider's limit."""
    for provider, inside in _by_provider(sites).items():
        ids, names = {site.id for site in inside}, {site.name for site in inside}
        specs = (site for site in fleet.sites if not isinstance(site, MetalSite))
        share = Share[CloudSite](
            specs={site.id: site for site in specs if site.id in ids},
            sites=inside,
            hosts=tuple(host for host in hosts if host.site_id in ids),
            rules=tuple(rule for rule in rules if rule.group.split("-", 1)[0] in names),
        )
        yield from PROVIDERS[provider].limits(share)


def undecided(sites: Sequence[SitePlan]) -> tuple[str, ...]:
    """What these limits cannot decide, in words for the operator."""
    return tuple(
        text for provider, inside in _by_provider(sites).items() for text in PROVIDERS[provider].undecided(inside)
    )


def _by_provider(sites: Sequence[SitePlan]) -> dict[str, tuple[SitePlan, ...]]:
    """The sites in clouds by provider, in the order of the providers' first sites."""
    present = dict.fromkeys(site.provider for site in sites if site.provider in PROVIDERS)
    return {provider: tuple(site for site in sites if site.provider == provider) for provider in present}
