"""A site on DigitalOcean: one region, one explicit provider, one VPC.

The first step makes the network, tags, base firewalls and the public droplets, whose addresses DigitalOcean chooses and
other sites' rules name. `furnish` adds the firewalls that name such addresses, and the private droplets.
"""

import pulumi
import pulumi_digitalocean as digitalocean

from components.context import SiteContext
from components.digitalocean.firewall import Firewalls, FirewallsArgs
from components.digitalocean.hosts import HostGroup, HostGroupArgs
from components.digitalocean.network import Network, NetworkArgs
from components.digitalocean.nobodys_key import public_key
from components.digitalocean.project import Project, ProjectArgs
from components.digitalocean.tags import GroupTags, GroupTagsArgs
from components.options import child_options
from components.site import Addresses, Site
from fleet.addressing import Symbol
from fleet.hosts import SitePlan
from fleet.plan import Plan
from fleet.roles import PUBLIC_ROLES, ROLES, Role


def provider(site: SitePlan) -> digitalocean.Provider:
    """The site's explicit provider.

    Its token is never an argument, so it is in no config and no state: the provider reads DIGITALOCEAN_TOKEN, else
    DIGITALOCEAN_ACCESS_TOKEN, from its environment (pulumi-digitalocean, configuration). The SDK reads only
    DIGITALOCEAN_API_URL and SPACES_ENDPOINT_URL. A token opens one account, or one team, and nothing in the provider
    refuses a wrong one.
    """
    return digitalocean.Provider(f"{site.name}-digitalocean")


class DigitalOceanSite(Site):
    """Everything of one site on DigitalOcean."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:digitalocean:Site", name, None, opts)
        self.site = context.site
        self.hosts = {}
        self._urns: dict[str, pulumi.Output[str]] = {}
        self._context = context
        self._network = Network(name, NetworkArgs(context=self._context), child_options(self))
        self._tags = GroupTags(name, GroupTagsArgs(context=self._context), child_options(self)).names
        self._base = Firewalls(
            f"{name}-base",
            FirewallsArgs(context=self._context, part="base", tags=self._tags, addresses={}),
            child_options(self),
        ).firewalls
        self._ssh_key_id = self._nobodys_key(f"{name}-nobody")
        self._build([role for role in ROLES if role in PUBLIC_ROLES])
        self.public_addresses = {
            host: built.public_address for host, built in self.hosts.items() if built.public_address is not None
        }

    def furnish(self, planned: Plan, addresses: Addresses) -> None:  # noqa: ARG002 - the context holds the plan
        """Firewalls about other sites, then the private hosts, role by role, and the project around all."""
        peers = Firewalls(
            f"{self.site.name}-peers",
            FirewallsArgs(context=self._context, part="peers", tags=self._tags, addresses=addresses),
            child_options(self),
        ).firewalls
        self._build([role for role in ROLES if role not in PUBLIC_ROLES], tuple(peers.values()))
        Project(self.site.name, ProjectArgs(context=self._context, resource_urns=self._urns), child_options(self))
        self.register_outputs({"public_addresses": self.public_addresses})

    def symbols(self) -> dict[str, pulumi.Output[str]]:
        """Also the private addresses: those of public hosts after the first step, all after `furnish`."""
        private = {
            built.plan.private_address.name: built.private_address
            for built in self.hosts.values()
            if isinstance(built.plan.private_address, Symbol) and built.private_address is not None
        }
        return {**super().symbols(), **private}

    def _build(self, roles: list[Role], ways: tuple[pulumi.Resource, ...] = ()) -> None:
        """The groups of these roles, each after its base firewall and, where it is private, after the way out."""
        nat = self._network.nat_gateway
        for role in roles:
            if not self._context.hosts(role):
                continue
            name = f"{self.site.name}-{role}"
            ways_out = (nat,) if nat is not None and role not in PUBLIC_ROLES else ()
            args = HostGroupArgs(
                context=self._context,
                role=role,
                vpc_id=self._network.vpc_id,
                tag=self._tags[name],
                ssh_key_id=self._ssh_key_id,
                made_before=(self._base[name], *ways_out),
                ways=ways,
            )
            group = HostGroup(name, args, child_options(self))
            self.hosts |= group.hosts
            self._urns |= group.resource_urns

    def _nobodys_key(self, name: str) -> pulumi.Output[str]:
        """The key that droplets are made with. A droplet keeps it, whatever becomes of this resource."""
        planned = self._context.planned
        return digitalocean.SshKey(
            name,
            name=self._context.physical_name(name),
            public_key=public_key(planned.fleet, planned.stack, self.site.name),
            opts=child_options(self),
        ).id


def build(context: SiteContext) -> Site:
    """Makes the site's provider and the first step of the site."""
    options = pulumi.ResourceOptions(providers=[provider(context.site)])
    return DigitalOceanSite(context.site.name, context, options)
