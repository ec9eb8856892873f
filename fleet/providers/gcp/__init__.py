"""GCP: what the pure model knows of it. How its firewalls are gathered stands in `firewalls`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from fleet.distance import Coordinates
from fleet.facts import ProviderFacts, Share, Zones
from fleet.fields import pattern
from fleet.machines import machines
from fleet.problems import Problem
from fleet.providers.gcp.firewalls import DENY_ALL, gathered
from fleet.sites import Model, ZonedSite

if TYPE_CHECKING:
    from fleet.hosts import SitePlan

RANGES_PER_FIREWALL: Final = 256
"""Source or destination ranges of one firewall; newer documents name more (general knowledge, not verified)."""

Project = Annotated[
    str,
    pattern(
        r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
        "is no GCP project id of 6 to 30 characters",
        "give the project's id, not its name or number",
    ),
]


class GcpQuotas(Model):
    """Quotas of the project, where Google has set others than it usually does."""

    firewalls: Annotated[int, Field(ge=1)] = 100
    """Firewalls in the project."""
    static_addresses: Annotated[int, Field(ge=1)] = 8
    """Static external addresses in the region."""


class GcpSite(ZonedSite):
    """A region of GCP."""

    provider: Literal["gcp"]
    project: Project
    """The project's id."""
    quotas: GcpQuotas = GcpQuotas()


REGIONS: Final[Mapping[str, Coordinates]] = {
    "asia-east1": (24.1, 120.5),
    "asia-east2": (22.3, 114.2),
    "asia-northeast1": (35.7, 139.7),
    "asia-northeast2": (34.7, 135.5),
    "asia-northeast3": (37.6, 127.0),
    "asia-south1": (19.1, 72.9),
    "asia-south2": (28.6, 77.2),
    "asia-southeast1": (1.3, 103.8),
    "asia-southeast2": (-6.2, 106.8),
    "australia-southeast1": (-33.9, 151.2),
    "australia-southeast2": (-37.8, 145.0),
    "europe-central2": (52.2, 21.0),
    "europe-north1": (60.6, 27.2),
    "europe-southwest1": (40.4, -3.7),
    "europe-west1": (50.4, 3.8),
    "europe-west2": (51.5, -0.1),
    "europe-west3": (50.1, 8.7),
    "europe-west4": (53.4, 6.8),
    "europe-west6": (47.4, 8.5),
    "europe-west8": (45.5, 9.2),
    "europe-west9": (48.9, 2.4),
    "europe-west10": (52.5, 13.4),
    "europe-west12": (45.1, 7.7),
    "me-central1": (25.3, 51.5),
    "me-west1": (32.1, 34.8),
    "northamerica-northeast1": (45.5, -73.6),
    "northamerica-northeast2": (43.7, -79.4),
    "southamerica-east1": (-23.5, -46.6),
    "southamerica-west1": (-33.4, -70.7),
    "us-central1": (41.2, -95.9),
    "us-east1": (33.2, -80.0),
    "us-east4": (39.0, -77.5),
    "us-east5": (40.0, -83.0),
    "us-south1": (32.8, -96.8),
    "us-west1": (45.6, -121.2),
    "us-west2": (34.1, -118.2),
    "us-west3": (40.8, -111.9),
    "us-west4": (36.2, -115.1),
}

OTHER_ZONES: Final = {"europe-west1": "bcd", "us-central1": "abcf", "us-east1": "bcd"}


def limits(share: Share[GcpSite]) -> Iterator[Problem]:
    """Firewalls are counted by project, static external addresses by project and region (100 and 8 by default: general
    knowledge, not verified; a project may have been given others, which `quotas` says)."""
    labels = share.labels()
    firewalls = gathered(share.rules)
    for firewall in firewalls:
        if len(firewall.peers) > RANGES_PER_FIREWALL:
            label = labels[firewall.group.split("-", 1)[0]]
            what = f"firewall {firewall.name} has {len(firewall.peers)} peers, GCP allows {RANGES_PER_FIREWALL}"
            yield Problem(f"sites[{label}]", what, "use fewer sites")
    for project in sorted({site.account or "" for site in share.sites}):
        of_project = [site for site in share.sites if site.account == project]
        names = {site.name for site in of_project}
        count = sum(one.group.split("-", 1)[0] in names for one in firewalls) + DENY_ALL * len(of_project)
        allowed = max(share.specs[site.id].quotas.firewalls for site in of_project)
        if count > allowed:
            yield Problem(
                f"sites[{', '.join(site.label for site in of_project)}]",
                f"project {project} needs {count} firewalls, GCP allows {allowed}",
                "use a project for each site, or have the quota raised and say so in quotas.firewalls",
            )
        yield from _addresses(of_project, share)


def _addresses(of_project: Sequence[SitePlan], share: Share[GcpSite]) -> Iterator[Problem]:
    """Gateways, sentries and Cloud NAT take one each."""
    for region in sorted({site.region or "" for site in of_project}):
        there = {site.id: site for site in of_project if site.region == region}
        count = sum(host.site_id in there and host.public_address is not None for host in share.hosts)
        count += sum(site.egress == "nat" for site in there.values())
        allowed = max(share.specs[site_id].quotas.static_addresses for site_id in there)
        if count > allowed:
            yield Problem(
                f"sites[{', '.join(site.label for site in there.values())}]",
                f"{count} static addresses are needed in {region} (gateway, sentries, NAT), GCP allows {allowed}",
                "use fewer sentries or egress: sealed, or have the quota raised and say so in quotas.static_addresses",
            )


def undecided(sites: Sequence[SitePlan]) -> Iterator[str]:  # noqa: ARG001 - the same for all sites
    """Quotas that no config can show."""
    yield "GCP: CPU quotas of the project, and firewalls and addresses that others in it hold"


FACTS: Final = ProviderFacts(
    name="gcp",
    title="GCP",
    site=GcpSite,
    account=lambda site: site.project,
    regions=REGIONS,
    zones=Zones(form="{region}-{letter}", usual="abc", others=OTHER_ZONES),
    machines=machines(gateway="e2-small", node="n2-standard-4", cosigner="n2-standard-2", monitor="n2-standard-2"),
    sizes=None,
    arm=re.compile(r"(t2a|c4a|n4a)-.*"),
    subnets="region",
    nat_stands_in_subnet=False,
    chooses_private_addresses=False,
    guest_owns_public_address=False,
    clock="169.254.169.254/32",  # the metadata server (GCP, configure NTP)
    reserved=(),
    secrets=(),
    environment=("CLOUDSDK_", "GCLOUD_", "GCP_", "GOOGLE_"),
    limits=limits,
    undecided=undecided,
)
