"""AWS: what the pure model knows of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from fleet.distance import Coordinates
from fleet.facts import ProviderFacts, Share, Zones
from fleet.fields import pattern
from fleet.machines import machines
from fleet.problems import Problem
from fleet.roles import PRIVATE_ROLES
from fleet.sites import Model, ZonedSite

if TYPE_CHECKING:
    from fleet.hosts import Host, SitePlan

Account = Annotated[str, pattern(r"\d{12}", "is no AWS account id", "give its 12 digits in quotes")]


class AwsQuotas(Model):
    """Quotas of the account, where AWS has raised them."""

    elastic_ips: Annotated[int, Field(ge=1)] = 5
    """Elastic IP addresses in the region."""
    rules_per_group: Annotated[int, Field(ge=1)] = 60
    """Rules of a security group in one direction."""


class AwsSite(ZonedSite):
    """A region of AWS."""

    provider: Literal["aws"]
    account: Account | None = None
    """The account the site belongs to; with it a wrong login is refused before anything is made."""
    quotas: AwsQuotas = AwsQuotas()


REGIONS: Final[Mapping[str, Coordinates]] = {
    "af-south-1": (-33.9, 18.4),
    "ap-east-1": (22.3, 114.2),
    "ap-northeast-1": (35.7, 139.7),
    "ap-northeast-2": (37.6, 127.0),
    "ap-northeast-3": (34.7, 135.5),
    "ap-south-1": (19.1, 72.9),
    "ap-south-2": (17.4, 78.5),
    "ap-southeast-1": (1.3, 103.8),
    "ap-southeast-2": (-33.9, 151.2),
    "ap-southeast-3": (-6.2, 106.8),
    "ap-southeast-4": (-37.8, 145.0),
    "ca-central-1": (45.5, -73.6),
    "ca-west-1": (51.0, -114.1),
    "eu-central-1": (50.1, 8.7),
    "eu-central-2": (47.4, 8.5),
    "eu-north-1": (59.3, 18.1),
    "eu-south-1": (45.5, 9.2),
    "eu-south-2": (41.6, -0.9),
    "eu-west-1": (53.3, -6.3),
    "eu-west-2": (51.5, -0.1),
    "eu-west-3": (48.9, 2.4),
    "il-central-1": (32.1, 34.8),
    "me-central-1": (24.5, 54.4),
    "me-south-1": (26.1, 50.6),
    "sa-east-1": (-23.5, -46.6),
    "us-east-1": (39.0, -77.5),
    "us-east-2": (40.0, -83.0),
    "us-west-1": (37.4, -122.0),
    "us-west-2": (45.9, -119.3),
}

OTHER_ZONES: Final = {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
}
"""AWS maps letters by account, and an old account may have another set: then the config's author adds it here."""

OPT_IN: Final = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
    }
)
"""Regions that an account must switch on before it can use them (AWS account management guide)."""


def limits(share: Share[AwsSite]) -> Iterator[Problem]:
    """Rules of security groups, by direction, and Elastic IPs."""
    labels = share.labels()
    quotas = {site.name: share.specs[site.id].quotas for site in share.sites}
    per_direction = Counter((rule.group, rule.direction) for rule in share.rules)
    for (group, direction), count in sorted(per_direction.items()):
        site = group.split("-", 1)[0]
        allowed = quotas[site].rules_per_group
        if count > allowed:
            yield Problem(
                f"sites[{labels[site]}]",
                f"security group {group} needs {count} {direction} rules, AWS allows {allowed}",
                "use fewer sites or sentries, or have the quota raised and say so in quotas.rules_per_group",
            )
    yield from _elastic_ips(share)


def _elastic_ips(share: Share[AwsSite]) -> Iterator[Problem]:
    """Elastic IPs are counted by region (and account): gateways, sentries and NAT gateways take one each."""
    used: Counter[tuple[str | None, str | None]] = Counter()
    allowed: dict[tuple[str | None, str | None], int] = {}
    names: dict[tuple[str | None, str | None], list[str]] = {}
    for site in share.sites:
        where = (site.account, site.region)
        inside = [host for host in share.hosts if host.site_id == site.id]
        used[where] += sum(host.public_address is not None for host in inside) + len(_nat_zones(site, inside))
        allowed[where] = max(allowed.get(where, 0), share.specs[site.id].quotas.elastic_ips)
        names.setdefault(where, []).append(site.label)
    for where, count in used.items():
        if count > allowed[where]:
            yield Problem(
                f"sites[{', '.join(names[where])}]",
                f"{count} Elastic IPs are needed in {where[1]} (gateway, sentries, NAT), AWS allows {allowed[where]}",
                "use fewer sentries or egress: sealed, or have the quota raised and say so in quotas.elastic_ips",
            )


def _nat_zones(site: SitePlan, inside: Sequence[Host]) -> tuple[str, ...]:
    """The zones of a site that need a NAT gateway: those with private hosts, when its egress is `nat`."""
    if site.egress != "nat":
        return ()
    return tuple(sorted({host.zone for host in inside if host.role in PRIVATE_ROLES and host.zone is not None}))


def undecided(sites: Sequence[SitePlan]) -> Iterator[str]:
    """Quotas that no config can show, and regions that an account may not have."""
    yield "AWS: vCPU, VPC and NAT gateway quotas of the account, and Elastic IPs that other stacks hold"
    optional = [site.region for site in sites if site.region in OPT_IN]
    if optional:
        yield f"AWS: whether the account has switched on {', '.join(optional)}"


FACTS: Final = ProviderFacts(
    name="aws",
    title="AWS",
    site=AwsSite,
    account=lambda site: site.account,
    regions=REGIONS,
    zones=Zones(form="{region}{letter}", usual="abc", others=OTHER_ZONES),
    machines=machines(gateway="t3.small", node="m7i.xlarge", cosigner="m7i.large", monitor="m7i.large"),
    sizes=None,
    arm=re.compile(r"(a1|[a-z]+\d+g[a-z]*)\..*"),  # a g behind the generation (EC2 user guide, naming conventions)
    subnets="zone",
    nat_stands_in_subnet=True,
    chooses_private_addresses=False,
    guest_owns_public_address=False,
    clock="169.254.169.123/32",  # EC2 user guide, Amazon Time Sync
    reserved=(),
    secrets=(("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),),
    environment=("AWS_",),
    limits=limits,
    undecided=undecided,
)
