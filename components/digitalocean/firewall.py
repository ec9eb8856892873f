"""The cloud firewalls of a DigitalOcean site, rendered from the plan's group rules.

They find droplets by tag, add up, and filter traffic inside the VPC as well as from outside (DigitalOcean, firewall
limits). A droplet under no firewall is open, so each group has a `base` firewall before it has a droplet. Rules that
name addresses which DigitalOcean or another provider chooses stand in a second one, `peers`, made when those addresses
are known. A `base` firewall whose group has a kept host is itself kept: without it the host would stand open. Losing a
`peers` firewall only closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as digitalocean

from components.context import SiteContext
from components.digitalocean.rules import MergedRule, Part, merged, part_of
from components.digitalocean.tags import keeps_any
from components.options import kept_options
from components.site import Addresses


@dataclass(frozen=True, kw_only=True)
class FirewallsArgs:
    """Arguments of `Firewalls`.

    Attributes:
        context: The site.
        part: Which of the plan's rules these firewalls hold.
        tags: Names of the groups' tags, by group.
        addresses: Addresses that providers chose; none are needed for `base`.
    """

    context: SiteContext
    part: Part
    tags: Mapping[str, pulumi.Output[str]]
    addresses: Addresses


class Firewalls(pulumi.ComponentResource):
    """One firewall per group that has rules of this part."""

    firewalls: dict[str, digitalocean.Firewall]
    """By the group's name in the plan."""

    def __init__(self, name: str, args: FirewallsArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:digitalocean:Firewalls", name, None, opts)
        self._args = args
        self.firewalls = {}
        rules = [rule for rule in args.context.planned.rules_of(args.context.site) if part_of(rule) == args.part]
        for group in args.tags:
            found = merged(rule for rule in rules if rule.group == group)
            if found:
                self.firewalls[group] = self._firewall(group, found)
        self.register_outputs({"firewall_ids": {group: made.id for group, made in self.firewalls.items()}})

    def _firewall(self, group: str, rules: tuple[MergedRule, ...]) -> digitalocean.Firewall:
        name = f"{group}-{self._args.part}"
        keep = self._args.part == "base" and keeps_any(self._args.context, group)
        return digitalocean.Firewall(
            name,
            name=self._args.context.physical_name(name),
            tags=[self._args.tags[group]],
            inbound_rules=[self._inbound(rule) for rule in rules if rule.direction == "ingress"],
            outbound_rules=[self._outbound(rule) for rule in rules if rule.direction == "egress"],
            opts=kept_options(self, keep=keep),
        )

    def _inbound(self, rule: MergedRule) -> digitalocean.FirewallInboundRuleArgs:
        return digitalocean.FirewallInboundRuleArgs(
            protocol=rule.protocol,
            port_range=rule.port_range,
            source_addresses=self._addresses(rule),
            source_tags=self._tags(rule),
        )

    def _outbound(self, rule: MergedRule) -> digitalocean.FirewallOutboundRuleArgs:
        return digitalocean.FirewallOutboundRuleArgs(
            protocol=rule.protocol,
            port_range=rule.port_range,
            destination_addresses=self._addresses(rule),
            destination_tags=self._tags(rule),
        )

    def _addresses(self, rule: MergedRule) -> list[pulumi.Input[str]] | None:
        chosen = [pulumi.Output.concat(self._args.addresses[symbol], "/32") for symbol in rule.symbols]
        return [*rule.cidrs, *chosen] or None

    def _tags(self, rule: MergedRule) -> list[pulumi.Input[str]] | None:
        return [self._args.tags[group] for group in rule.groups] or None
