"""The network of a DigitalOcean site: one VPC, and a NAT gateway where the egress is `nat`.

It opens no port (see `firewall`) and makes no host. The default VPC of the region, which other projects of the account
share, is never used. A VPC has no subnets and no routes of ours: a droplet without a public address has no way out
unless the VPC has a NAT gateway as its default route. IPv6 is never switched on.

Not every account has the NAT gateway (the provider's documentation calls it a private preview). Then its creation fails
at the API. An error hook could say so in our words, but would stay bound in the state, and a destroy that fails would
then report the missing hook instead of the reason (engine 3.259, RunErrorHooks). So what to do stands as a line of
information in the diagnostics of each run that asks for the gateway, beside the provider's own error.
"""

from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as digitalocean

from components.context import SiteContext
from components.options import child_options
from fleet.providers.digitalocean import missing_nat_gateway
from fleet.roles import PRIVATE_ROLES

NAT_SIZE = 1
"""The smallest; grows in place."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Arguments of `Network`.

    Attributes:
        context: The site.
    """

    context: SiteContext


class Network(pulumi.ComponentResource):
    """One VPC, and its way out if it has one."""

    vpc_id: pulumi.Output[str]
    nat_gateway: digitalocean.VpcNatGateway | None
    """What private droplets wait for: a droplet takes its default route when it is made."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:digitalocean:Network", name, None, opts)
        self._context = args.context
        site = args.context.site
        self.vpc_id = digitalocean.Vpc(
            name,
            name=args.context.physical_name(name),
            description=f"Redoubt: {args.context.planned.fleet}, {args.context.planned.stack}, {site.label}",
            region=site.region or "",
            ip_range=site.cidr,
            opts=child_options(self),
        ).id
        wanted = site.egress == "nat" and args.context.hosts(*PRIVATE_ROLES)
        self.nat_gateway = self._nat_gateway(f"{name}-nat") if wanted else None
        self.register_outputs({"vpc_id": self.vpc_id})

    def _nat_gateway(self, name: str) -> digitalocean.VpcNatGateway:
        pulumi.log.info(f"not decided: {missing_nat_gateway([self._context.site.label])}")
        return digitalocean.VpcNatGateway(
            name,
            name=self._context.physical_name(name),
            region=self._context.site.region or "",
            size=NAT_SIZE,
            type="PUBLIC",
            vpcs=[digitalocean.VpcNatGatewayVpcArgs(vpc_uuid=self.vpc_id, default_gateway=True)],
            opts=child_options(self),
        )
