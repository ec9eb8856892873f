"""Toycloud: a provider that there is not. By region as GCP, yet its machines own their public address as droplets do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fleet.facts import ProviderFacts, Share
from fleet.fields import pattern
from fleet.machines import machines
from fleet.problems import Problem
from fleet.sites import CloudSite

if TYPE_CHECKING:
    from fleet.hosts import SitePlan


class ToySite(CloudSite):
    """A region of toycloud."""

    provider: Literal["toycloud"]
    playground: Annotated[str, pattern(r"play-\d+", "is no playground", "write play- and digits")]
    """The account that the site belongs to."""


def limits(share: Share[ToySite]) -> Iterator[Problem]:
    """Toycloud has no NAT gateway."""
    for site in share.sites:
        if site.egress == "nat":
            yield Problem(f"sites[{site.label}].egress", "toycloud has no NAT gateway", "write egress: sealed")


def undecided(sites: Sequence[SitePlan]) -> Iterator[str]:
    """What no config can show."""
    yield f"Toycloud: whether {', '.join(site.label for site in sites)} has toys left"


FACTS: Final = ProviderFacts(
    name="toycloud",
    title="Toycloud",
    site=ToySite,
    account=lambda site: site.playground,
    regions={"nursery-1": (50.1, 8.7)},
    zones=None,
    machines=machines(gateway="toy-small", node="toy-large", cosigner="toy-small", monitor="toy-small"),
    sizes=None,
    arm=re.compile(r"arm-.*"),
    subnets="region",
    nat_stands_in_subnet=False,
    chooses_private_addresses=False,
    guest_owns_public_address=True,
    clock="169.254.1.1/32",
    reserved=(IPv4Network("10.99.0.0/16"),),
    secrets=(("a toy token", re.compile(r"\btoy-[0-9a-f]{16}\b")),),
    environment=("TOYCLOUD_",),
    limits=limits,
    undecided=undecided,
)
