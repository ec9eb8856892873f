"""The firewalls of a GCP site, rendered from the plan's group rules over a denial of everything.

By itself a network on GCP lets everything out. Four firewalls at the last priority that can be given deny all, in and
out, for IPv4 and IPv6, and log what they stop. Above them stands one firewall for each group, direction, protocol, port
range and kind of peer (`fleet.providers.gcp.firewalls`), for the group's service account. Towards a group of the same site an
egress firewall names its hosts' fixed addresses: GCP knows no destination service accounts.

Wider than the plan in one place: GCP cannot tell ICMP types apart, so where the plan admits one type all are let
through; the host firewall narrows it. Metadata, DHCP and the resolver are not filtered by GCP at all. What is allowed is
not logged here: the subnets' flow logs show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.context import SiteContext
from components.options import child_options
from components.site import Addresses
from fleet.providers.gcp.firewalls import GatheredRules, gathered

ALLOW_PRIORITY: Final = 1000
DENY_PRIORITY: Final = 65534
"""The last before the network's own implied rules at 65535."""
EVERYTHING: Final = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    """Arguments of `Firewall`.

    Attributes:
        context: The site.
        network_id: The network that the firewalls belong to.
        accounts: E-mail addresses of the service accounts by group.
        addresses: Addresses that providers chose, for rules about other sites.
    """

    context: SiteContext
    network_id: pulumi.Input[str]
    accounts: Mapping[str, pulumi.Input[str]]
    addresses: Addresses


class Firewall(pulumi.ComponentResource):
    """Exactly the rules of the plan, and nothing else gets through."""

    guards: dict[str, list[pulumi.Resource]]
    """By group: the firewalls that have to stand before a host of it does."""

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:Firewall", name, None, opts)
        self._args = args
        planned, site = args.context.planned, args.context.site
        denials: list[pulumi.Resource] = [
            self._denial(f"{name}-deny-{direction}-{family}", direction, everything)
            for direction in ("ingress", "egress")
            for family, everything in EVERYTHING.items()
        ]
        self.guards = {host.group: list(denials) for host in args.context.hosts()}
        for rules in gathered(planned.rules_of(site)):
            self.guards[rules.group].append(self._allowance(rules))
        self.register_outputs({})

    def _denial(self, name: str, direction: str, everything: str) -> pulumi.Resource:
        inwards = direction == "ingress"
        return gcp.compute.Firewall(
            name,
            name=self._args.context.physical_name(name),
            description="Redoubt: what the flow matrix does not name is refused",
            network=self._args.network_id,
            direction=direction.upper(),
            priority=DENY_PRIORITY,
            denies=[gcp.compute.FirewallDenyArgs(protocol="all")],
            source_ranges=[everything] if inwards else None,
            destination_ranges=None if inwards else [everything],
            log_config=gcp.compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
            opts=child_options(self),
        )

    def _allowance(self, rules: GatheredRules) -> pulumi.Resource:
        inwards, groups = rules.direction == "ingress", rules.peers_kind == "groups"
        return gcp.compute.Firewall(
            rules.name,
            name=self._args.context.cut_name(rules.name),
            description=rules.description,
            network=self._args.network_id,
            direction=rules.direction.upper(),
            priority=ALLOW_PRIORITY,
            allows=[gcp.compute.FirewallAllowArgs(protocol=rules.protocol, ports=list(rules.ports) or None)],
            target_service_accounts=[self._args.accounts[rules.group]],
            source_service_accounts=[self._args.accounts[peer] for _, peer in rules.peers]
            if inwards and groups
            else None,
            source_ranges=self._ranges(rules) if inwards and not groups else None,
            destination_ranges=None if inwards else self._ranges(rules),
            opts=child_options(self),
        )

    def _ranges(self, rules: GatheredRules) -> list[pulumi.Input[str]]:
        """The peers as ranges, in the order of the plan's names: sorted, and the same whatever a provider chooses."""
        found: list[pulumi.Input[str]] = []
        for kind, peer in rules.peers:
            if kind == "symbol":
                found.append(pulumi.Output.concat(self._args.addresses[peer], "/32"))
            elif kind == "group":
                found += [f"{host.private_address}/32" for host in self._args.context.hosts() if host.group == peer]
            else:
                found.append(peer)
        return found
