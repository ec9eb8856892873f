"""What the providers allow by default, and the plan's own count held against it.

Limits of an account that a config cannot show (how much else runs in it) are not decided here; `undecided` names them.
Three limits of DigitalOcean cannot bind a plan: a firewall takes 10 droplets by id and 5 tags, ours matches by one tag;
an account has 3 reserved addresses, gateways and sentries use their droplets' own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from fleet.cloudrules import GroupRule
from fleet.gcp_firewalls import DENY_ALL, gathered
from fleet.hosts import Host, SitePlan
from fleet.problems import Problem
from fleet.regions import OPT_IN
from fleet.roles import PRIVATE_ROLES
from fleet.spec import AwsQuotas, AwsSite, Fleet, GcpSite

DIGITALOCEAN_RULES_PER_FIREWALL: Final = 50
"""Inbound and outbound together (DigitalOcean, cloud firewall limits)."""
DIGITALOCEAN_PEERS_PER_RULE: Final = 1000
"""Sources or destinations of one rule (DigitalOcean, cloud firewall limits)."""
GCP_RANGES_PER_FIREWALL: Final = 256
"""Source or destination ranges of one firewall; newer documents name more (general knowledge, not verified)."""


def limits(
    fleet: Fleet, sites: Sequence[SitePlan], hosts: Sequence[Host], rules: Sequence[GroupRule]
) -> Iterator[Problem]:
    """Counts that exceed a provider's limit."""
    yield from _elastic_ips(fleet, sites, hosts)
    labels = {site.name: site.label for site in sites}
    providers = {site.name: site.provider for site in sites}
    quotas = {f"s{site.id}": site.quotas for site in fleet.sites if isinstance(site, AwsSite)}
    per_direction = Counter((rule.group, rule.direction) for rule in rules)
    for (group, direction), count in sorted(per_direction.items()):
        site = group.split("-", 1)[0]
        allowed = quotas.get(site, AwsQuotas()).rules_per_group
        if providers[site] == "aws" and count > allowed:
            yield Problem(
                f"sites[{labels[site]}]",
                f"security group {group} needs {count} {direction} rules, AWS allows {allowed}",
                "use fewer sites or sentries, or have the quota raised and say so in quotas.rules_per_group",
            )
    yield from _digitalocean(labels, providers, rules)
    yield from _gcp(fleet, sites, hosts, rules)


def _elastic_ips(fleet: Fleet, sites: Sequence[SitePlan], hosts: Sequence[Host]) -> Iterator[Problem]:
    """Elastic IPs are counted by region (and account): gateways, sentries and NAT gateways take one each."""
    specs = {site.id: site for site in fleet.sites if isinstance(site, AwsSite)}
    used: Counter[tuple[str | None, str | None]] = Counter()
    allowed: dict[tuple[str | None, str | None], int] = {}
    names: dict[tuple[str | None, str | None], list[str]] = {}
    for site in sites:
        if site.id not in specs:
            continue
        where = (site.account, site.region)
        inside = [host for host in hosts if host.site_id == site.id]
        used[where] += sum(host.public_address is not None for host in inside) + len(nat_zones(site, inside))
        allowed[where] = max(allowed.get(where, 0), specs[site.id].quotas.elastic_ips)
        names.setdefault(where, []).append(site.label)
    for where, count in used.items():
        if count > allowed[where]:
            yield Problem(
                f"sites[{', '.join(names[where])}]",
                f"{count} Elastic IPs are needed in {where[1]} (gateway, sentries, NAT), AWS allows {allowed[where]}",
                "use fewer sentries or egress: sealed, or have the quota raised and say so in quotas.elastic_ips",
            )


def nat_zones(site: SitePlan, inside: Sequence[Host]) -> tuple[str, ...]:
    """The zones of a site that need a NAT gateway: those with private hosts, when its egress is `nat`."""
    if site.egress != "nat":
        return ()
    return tuple(sorted({host.zone for host in inside if host.role in PRIVATE_ROLES and host.zone is not None}))


def _digitalocean(
    labels: Mapping[str, str], providers: Mapping[str, str], rules: Sequence[GroupRule]
) -> Iterator[Problem]:
    """One rule holds all peers of a direction, protocol and port range. Counted as one firewall per group, as if rules
    about other sites had none of their own: never too few.
    """
    peers = Counter(
        (rule.group, rule.direction, rule.protocol, rule.first_port, rule.last_port)
        for rule in rules
        if providers[rule.group.split("-", 1)[0]] == "digitalocean"
    )
    for group, count in sorted(Counter(key[0] for key in peers).items()):
        if count > DIGITALOCEAN_RULES_PER_FIREWALL:
            yield Problem(
                f"sites[{labels[group.split('-', 1)[0]]}]",
                f"firewall {group} needs {count} rules, DigitalOcean allows {DIGITALOCEAN_RULES_PER_FIREWALL}",
                "use fewer services or monitors in this site",
            )
    for key, count in sorted(peers.items()):
        if count > DIGITALOCEAN_PEERS_PER_RULE:
            yield Problem(
                f"sites[{labels[key[0].split('-', 1)[0]]}]",
                f"a rule of firewall {key[0]} has {count} peers, DigitalOcean allows {DIGITALOCEAN_PEERS_PER_RULE}",
                "use fewer sites",
            )


def _gcp(
    fleet: Fleet, sites: Sequence[SitePlan], hosts: Sequence[Host], rules: Sequence[GroupRule]
) -> Iterator[Problem]:
    """Firewalls are counted by project, static external addresses by project and region (100 and 8 by default: general
    knowledge, not verified; a project may have been given others, which `quotas` says)."""
    specs = {site.id: site for site in fleet.sites if isinstance(site, GcpSite)}
    inside = [site for site in sites if site.id in specs]
    groups = {host.group for host in hosts if host.site_id in specs}
    firewalls = gathered(rule for rule in rules if rule.group in groups)
    for firewall in firewalls:
        if len(firewall.peers) > GCP_RANGES_PER_FIREWALL:
            label = next(site.label for site in inside if firewall.group.startswith(f"{site.name}-"))
            what = f"firewall {firewall.name} has {len(firewall.peers)} peers, GCP allows {GCP_RANGES_PER_FIREWALL}"
            yield Problem(f"sites[{label}]", what, "use fewer sites")
    for project in sorted({site.account or "" for site in inside}):
        of_project = [site for site in inside if site.account == project]
        names = {site.name for site in of_project}
        count = sum(one.group.split("-", 1)[0] in names for one in firewalls) + DENY_ALL * len(of_project)
        allowed = max(specs[site.id].quotas.firewalls for site in of_project)
        if count > allowed:
            yield Problem(
                f"sites[{', '.join(site.label for site in of_project)}]",
                f"project {project} needs {count} firewalls, GCP allows {allowed}",
                "use a project for each site, or have the quota raised and say so in quotas.firewalls",
            )
        yield from _gcp_addresses(of_project, hosts, specs)


def _gcp_addresses(
    of_project: Sequence[SitePlan], hosts: Sequence[Host], specs: Mapping[int, GcpSite]
) -> Iterator[Problem]:
    """Gateways, sentries and Cloud NAT take one each."""
    for region in sorted({site.region or "" for site in of_project}):
        there = {site.id: site for site in of_project if site.region == region}
        count = sum(host.site_id in there and host.public_address is not None for host in hosts)
        count += sum(site.egress == "nat" for site in there.values())
        allowed = max(specs[site_id].quotas.static_addresses for site_id in there)
        if count > allowed:
            yield Problem(
                f"sites[{', '.join(site.label for site in there.values())}]",
                f"{count} static addresses are needed in {region} (gateway, sentries, NAT), GCP allows {allowed}",
                "use fewer sentries or egress: sealed, or have the quota raised and say so in quotas.static_addresses",
            )


def undecided(sites: Sequence[SitePlan]) -> tuple[str, ...]:
    """What these limits cannot decide, in words for the operator."""
    asked = {
        "aws": "AWS: vCPU, VPC and NAT gateway quotas of the account, and Elastic IPs that other stacks hold",
        "gcp": "GCP: CPU quotas of the project, and firewalls and addresses that others in it hold",
        "digitalocean": "DigitalOcean: droplet and volume limits of the account, and which sizes its regions have left",
    }
    present = {site.provider for site in sites}
    with_nat = [site.label for site in sites if site.provider == "digitalocean" and site.egress == "nat"]
    nat = (missing_nat_gateway(with_nat),) if with_nat else ()
    optional = [site.region for site in sites if site.region in OPT_IN]
    switched = (f"AWS: whether the account has switched on {', '.join(optional)}",) if optional else ()
    return (*(text for provider, text in asked.items() if provider in present), *nat, *switched)


def missing_nat_gateway(labels: Sequence[str]) -> str:
    """What to do where an account has no VPC NAT gateway. No full stop.

    Args:
        labels: The config's names of sites on DigitalOcean whose egress is `nat`.
    """
    return (
        f"DigitalOcean: whether the account has the VPC NAT gateway (a preview product) that {', '.join(labels)} will ask "
        f"for; if its creation fails, write egress: sealed there and updates go through the proxy of the site's gateway"
    )
