"""The fleets that are measured, each as large as AWS's default limits allow where size is the point.

A site of 10 hosts (gateway, 3 sentries, 3 validators, 3 cosigners; sealed) takes 4 of a region's 5 Elastic IPs. Ten such
sites need 53 rules in the fullest security group, and one more sentry in each would need more than AWS's 60: so a fleet
has at most 100 hosts, and 1,000 hosts are ten fleets, each in an account of its own. No quota is raised. Thirty
cosigners are more than anybody runs; they are here because pairs, flows and rules grow with their square.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from tests.support.samples import Config, aws_testnet

REGIONS: Final = (
    "eu-central-1",
    "eu-west-1",
    "eu-west-3",
    "eu-west-2",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "eu-north-1",
    "us-east-1",
    "us-east-2",
)
RTT_BUDGET_MS: Final = 150
"""The estimate between the two farthest regions above is more than the testnet's own budget."""
FIRST_ACCOUNT: Final = 100_000_000_000


@dataclass(frozen=True, kw_only=True)
class SiteShape:
    """The hosts of one site; every site has one gateway."""

    sentries: int = 1
    validators: int = 0
    cosigners: int = 1
    gateways: int = 1

    @property
    def hosts(self) -> int:
        """All of them."""
        return self.gateways + self.sentries + self.validators + self.cosigners


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How many fleets, and the sites that each of them has."""

    fleets: int
    sites: tuple[SiteShape, ...]

    @property
    def hosts(self) -> int:
        """Hosts of all fleets."""
        return self.fleets * sum(site.hosts for site in self.sites)

    def describe(self) -> dict[str, Any]:
        """The shape as it stands in build/bench.json."""
        return {
            "hosts": self.hosts,
            "fleets": self.fleets,
            "sites_of_each_fleet": [asdict(site) for site in self.sites],
            "provider": "aws",
            "egress": "sealed",
            "raised_quotas": {},
        }


SMALL: Final = (SiteShape(validators=1), SiteShape(), SiteShape())
LARGE: Final = (SiteShape(sentries=3, validators=3, cosigners=3),) * len(REGIONS)

SHAPES: Final[dict[str, Shape]] = {
    "hosts_10": Shape(fleets=1, sites=SMALL),
    "hosts_100": Shape(fleets=1, sites=LARGE),
    "hosts_1000": Shape(fleets=10, sites=LARGE),
}


def fleets(shape: Shape) -> list[Config]:
    """The configs of a shape's fleets: the committed testnet with other sites, names and accounts."""
    return [_fleet(shape.sites, index) for index in range(shape.fleets)]


def _fleet(sites: tuple[SiteShape, ...], index: int) -> Config:
    shards = [
        f"s{site_id}-cosigner-{ordinal}"
        for site_id, site in enumerate(sites, 1)
        for ordinal in range(1, site.cosigners + 1)
    ]
    value = aws_testnet()
    value["name"] = f"bench{index}"
    value["chain"]["rtt_budget_ms"] = RTT_BUDGET_MS
    value["signer"]["threshold"] = len(shards) // 2 + 1
    value["signer"]["shards"] = shards
    value["sites"] = [
        {
            "id": site_id,
            "name": f"site-{site_id}",
            "provider": "aws",
            "region": region,
            "account": str(FIRST_ACCOUNT + index),
            "egress": "sealed",
            "sentries": site.sentries,
            "validators": site.validators,
            "cosigners": site.cosigners,
        }
        for site_id, (site, region) in enumerate(zip(sites, REGIONS, strict=False), 1)
    ]
    return value
