"""The security groups of an AWS site, rendered from the plan's group rules.

One group per role, each rule a resource of its own with a description: never inline rules, which would fight with
stand-alone ones (pulumi-aws#2391). The groups' descriptions never change, since AWS replaces a group whose description
changes. Metadata, DHCP, the resolver and the time source are not filtered by AWS groups; the host firewall does that.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.context import SiteContext
from components.options import child_options
from components.site import Addresses
from fleet.cloudrules import GroupRule
from fleet.hosts import Host

DESCRIPTION_LIMIT = 255


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    """Arguments of `Firewall`.

    Attributes:
        context: The site.
        vpc_id: The VPC that the groups belong to.
        addresses: Addresses that providers chose, for rules about other sites.
    """

    context: SiteContext
    vpc_id: pulumi.Input[str]
    addresses: Addresses


class Firewall(pulumi.ComponentResource):
    """One security group per role of the site, with exactly the rules of the plan."""

    group_ids: dict[str, pulumi.Output[str]]
    """By the group's name in the plan, for example `s1-sentry`."""
    rules: dict[str, list[pulumi.Resource]]
    """By group: without them its hosts are cut off."""

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:aws:Firewall", name, None, opts)
        planned, site = args.context.planned, args.context.site
        roles = {host.group: host for host in planned.hosts_of(site.id)}
        self.group_ids = {group: self._group(group, host, args) for group, host in roles.items()}
        self._args = args
        self.rules = {group: [] for group in roles}
        for rule in planned.rules_of(site):
            self.rules[rule.group].append(self._rule(rule))
        self.register_outputs({"group_ids": self.group_ids})

    def _group(self, group: str, host: Host, args: FirewallArgs) -> pulumi.Output[str]:
        return aws.ec2.SecurityGroup(
            group,
            name=args.context.physical_name(group),
            description=f"Redoubt {group}",
            vpc_id=args.vpc_id,
            tags=args.context.tags(group, host.role),
            opts=child_options(self),
        ).id

    def _rule(self, rule: GroupRule) -> pulumi.Resource:
        """One rule. The peer is a group of this site, a known range, or an address that a provider chose."""
        peer_group = self.group_ids[rule.peer] if rule.peer_kind == "group" else None
        cidr: pulumi.Input[str] | None = rule.peer if rule.peer_kind == "cidr" else None
        if rule.peer_kind == "symbol":
            cidr = pulumi.Output.concat(self._args.addresses[rule.peer], "/32")
        make = aws.vpc.SecurityGroupIngressRule if rule.direction == "ingress" else aws.vpc.SecurityGroupEgressRule
        return make(
            rule.key,
            security_group_id=self.group_ids[rule.group],
            ip_protocol=rule.protocol,
            from_port=rule.first_port,
            to_port=rule.last_port,
            cidr_ipv4=cidr,
            referenced_security_group_id=peer_group,
            description=f"{rule.row}: {rule.reason}"[:DESCRIPTION_LIMIT],
            tags=self._args.context.tags(rule.group),
            opts=child_options(self),
        )
