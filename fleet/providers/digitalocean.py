"""DigitalOcean: what the pure model knows of it.

Three of its limits cannot bind a plan: a firewall takes 10 droplets by id and 5 tags, ours matches by one tag; an account
has 3 reserved addresses, gateways and sentries use their droplets' own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final, Literal

from fleet.distance import Coordinates
from fleet.facts import ProviderFacts, Share, Sizes
from fleet.machines import machines
from fleet.problems import Problem
from fleet.sites import CloudSite

if TYPE_CHECKING:
    from fleet.hosts import SitePlan

RULES_PER_FIREWALL: Final = 50
"""Inbound and outbound together (DigitalOcean, cloud firewall limits)."""
PEERS_PER_RULE: Final = 1000
"""Sources or destinations of one rule (DigitalOcean, cloud firewall limits)."""


class DigitalOceanSite(CloudSite):
    """A region of DigitalOcean."""

    provider: Literal["digitalocean"]


REGIONS: Final[Mapping[str, Coordinates]] = {
    "ams3": (52.4, 4.9),
    "atl1": (33.7, -84.4),
    "blr1": (13.0, 77.6),
    "fra1": (50.1, 8.7),
    "lon1": (51.5, -0.1),
    "nyc1": (40.7, -74.0),
    "nyc2": (40.7, -74.0),
    "nyc3": (40.7, -74.0),
    "sfo2": (37.8, -122.4),
    "sfo3": (37.8, -122.4),
    "sgp1": (1.3, 103.8),
    "syd1": (-33.9, 151.2),
    "tor1": (43.7, -79.4),
}

RESERVED: Final = tuple(
    IPv4Network(block)
    for block in (
        "10.10.0.0/15",
        "10.12.0.0/14",
        "10.16.0.0/14",
        "10.20.0.0/16",
        "10.229.0.0/16",
        "10.244.0.0/16",
        "10.245.0.0/16",
        "10.246.0.0/24",
    )
)
"""Ranges that DigitalOcean keeps for itself, anchor addresses of its regions among them (10.10 to 10.20). General knowledge
of its documentation, not verified against the API."""

_DROPLETS: Final = """
    c-2 c-4 c-4-intel c-8 c-8-intel c-16 c-16-intel c-32 c-32-intel c-48 c-48-intel c-60-intel
    c2-2vcpu-4gb c2-4vcpu-8gb c2-4vcpu-8gb-intel c2-8vcpu-16gb c2-8vcpu-16gb-intel c2-16vcpu-32gb
    c2-16vcpu-32gb-intel c2-32vcpu-64gb c2-32vcpu-64gb-intel c2-48vcpu-96gb c2-48vcpu-96gb-intel
    c2-60vcpu-120gb-intel
    g-2vcpu-8gb g-2vcpu-8gb-intel g-4vcpu-16gb g-4vcpu-16gb-intel g-8vcpu-32gb g-8vcpu-32gb-intel g-16vcpu-64gb
    g-16vcpu-64gb-intel g-32vcpu-128gb g-32vcpu-128gb-intel g-40vcpu-160gb g-48vcpu-192gb-intel
    g-60vcpu-240gb-intel
    gd-2vcpu-8gb gd-2vcpu-8gb-intel gd-4vcpu-16gb gd-4vcpu-16gb-intel gd-8vcpu-32gb gd-8vcpu-32gb-intel
    gd-16vcpu-64gb gd-16vcpu-64gb-intel gd-32vcpu-128gb gd-32vcpu-128gb-intel gd-40vcpu-160gb gd-48vcpu-192gb-intel
    gd-60vcpu-240gb-intel
    m-2vcpu-16gb m-2vcpu-16gb-intel m-4vcpu-32gb m-4vcpu-32gb-intel m-8vcpu-64gb m-8vcpu-64gb-intel m-16vcpu-128gb
    m-16vcpu-128gb-intel m-24vcpu-192gb m-24vcpu-192gb-intel m-32vcpu-256gb m-32vcpu-256gb-intel
    m-48vcpu-384gb-intel
    m3-2vcpu-16gb m3-2vcpu-16gb-intel m3-4vcpu-32gb m3-4vcpu-32gb-intel m3-8vcpu-64gb m3-8vcpu-64gb-intel
    m3-16vcpu-128gb m3-16vcpu-128gb-intel m3-24vcpu-192gb m3-24vcpu-192gb-intel m3-32vcpu-256gb
    m3-32vcpu-256gb-intel m3-48vcpu-384gb-intel
    m6-2vcpu-16gb m6-4vcpu-32gb m6-8vcpu-64gb m6-16vcpu-128gb m6-24vcpu-192gb m6-32vcpu-256gb
    s-1vcpu-1gb s-1vcpu-1gb-35gb-intel s-1vcpu-1gb-amd s-1vcpu-1gb-intel s-1vcpu-2gb s-1vcpu-2gb-70gb-intel
    s-1vcpu-2gb-amd s-1vcpu-2gb-intel s-1vcpu-3gb s-1vcpu-512mb-10gb s-2vcpu-2gb s-2vcpu-2gb-90gb-intel
    s-2vcpu-2gb-amd s-2vcpu-2gb-intel s-2vcpu-4gb s-2vcpu-4gb-120gb-intel s-2vcpu-4gb-amd s-2vcpu-4gb-intel
    s-2vcpu-8gb-160gb-intel s-2vcpu-8gb-amd s-3vcpu-1gb s-4vcpu-16gb-320gb-intel s-4vcpu-16gb-amd s-4vcpu-8gb
    s-4vcpu-8gb-240gb-intel s-4vcpu-8gb-amd s-4vcpu-8gb-intel s-6vcpu-16gb s-8vcpu-16gb s-8vcpu-16gb-480gb-intel
    s-8vcpu-16gb-amd s-8vcpu-16gb-intel s-8vcpu-32gb s-8vcpu-32gb-640gb-intel s-8vcpu-32gb-amd s-12vcpu-48gb
    s-16vcpu-64gb s-20vcpu-96gb s-24vcpu-128gb s-32vcpu-192gb
    so-2vcpu-16gb so-2vcpu-16gb-intel so-4vcpu-32gb so-4vcpu-32gb-intel so-8vcpu-64gb so-8vcpu-64gb-intel
    so-16vcpu-128gb so-16vcpu-128gb-intel so-24vcpu-192gb so-24vcpu-192gb-intel so-32vcpu-256gb
    so-32vcpu-256gb-intel so-48vcpu-384gb-intel
    so1_5-2vcpu-16gb so1_5-2vcpu-16gb-intel so1_5-4vcpu-32gb so1_5-4vcpu-32gb-intel so1_5-8vcpu-64gb
    so1_5-8vcpu-64gb-intel so1_5-16vcpu-128gb so1_5-16vcpu-128gb-intel so1_5-24vcpu-192gb so1_5-24vcpu-192gb-intel
    so1_5-32vcpu-256gb so1_5-32vcpu-256gb-intel
"""
DROPLETS: Final = frozenset(_DROPLETS.split())
"""The sizes of droplets, which DigitalOcean calls slugs.

Source: the enum DropletSlug of pulumi_digitalocean 4.84.1, without the sizes that had no family in their name (`1gb`),
which are retired, and without those with GPUs, which a validator has no use for. The provider takes any word and the API
refuses an unknown one only when the droplet is made, so it is refused here; a size that is newer is added here. Whether a
region has one left, the API alone knows.
"""


def limits(share: Share[DigitalOceanSite]) -> Iterator[Problem]:
    """One rule holds all peers of a direction, protocol and port range. Counted as one firewall per group, as if rules
    about other sites had none of their own: never too few.
    """
    labels = share.labels()
    peers = Counter(
        (rule.group, rule.direction, rule.protocol, rule.first_port, rule.last_port) for rule in share.rules
    )
    for group, count in sorted(Counter(key[0] for key in peers).items()):
        if count > RULES_PER_FIREWALL:
            yield Problem(
                f"sites[{labels[group.split('-', 1)[0]]}]",
                f"firewall {group} needs {count} rules, DigitalOcean allows {RULES_PER_FIREWALL}",
                "use fewer services or monitors in this site",
            )
    for key, count in sorted(peers.items()):
        if count > PEERS_PER_RULE:
            yield Problem(
                f"sites[{labels[key[0].split('-', 1)[0]]}]",
                f"a rule of firewall {key[0]} has {count} peers, DigitalOcean allows {PEERS_PER_RULE}",
                "use fewer sites",
            )


def undecided(sites: Sequence[SitePlan]) -> Iterator[str]:
    """Limits that no config can show, and a NAT gateway that an account may not have."""
    yield "DigitalOcean: droplet and volume limits of the account, and which sizes its regions have left"
    with_nat = [site.label for site in sites if site.egress == "nat"]
    if with_nat:
        yield missing_nat_gateway(with_nat)


def missing_nat_gateway(labels: Sequence[str]) -> str:
    """What to do where an account has no VPC NAT gateway. No full stop.

    Args:
        labels: The config's names of sites on DigitalOcean whose egress is `nat`.
    """
    return (
        f"DigitalOcean: whether the account has the VPC NAT gateway (a preview product) that {', '.join(labels)} will ask "
        f"for; if its creation fails, write egress: sealed there and updates go through the proxy of the site's gateway"
    )


FACTS: Final = ProviderFacts(
    name="digitalocean",
    title="DigitalOcean",
    site=DigitalOceanSite,
    account=lambda site: None,  # noqa: ARG005 - a token opens one account, and the provider can refuse no other
    regions=REGIONS,
    zones=None,
    machines=machines(gateway="s-1vcpu-2gb", node="g-4vcpu-16gb", cosigner="c-2", monitor="c-2"),
    sizes=Sizes(called="droplet size", known=DROPLETS),
    arm=None,
    subnets=None,
    nat_stands_in_subnet=False,
    chooses_private_addresses=True,
    guest_owns_public_address=True,
    clock=None,
    reserved=RESERVED,
    secrets=(("a DigitalOcean token", re.compile(r"\bdo[opr]_v1_[0-9a-f]{32,}")),),
    environment=("DIGITALOCEAN_", "SPACES_"),
    limits=limits,
    undecided=undecided,
)
