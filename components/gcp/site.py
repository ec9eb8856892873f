"""A site on GCP: one region of one project, one explicit provider, one VPC."""

import pulumi
import pulumi_gcp as gcp

from components.context import SiteContext
from components.gcp.accounts import Accounts
from components.gcp.firewall import Firewall, FirewallArgs
from components.gcp.hosts import HostGroup, HostGroupArgs, PublicAddresses
from components.gcp.keys import Keys, KeysArgs
from components.gcp.network import Network
from components.options import child_options
from components.site import Addresses, Site
from fleet.hosts import SitePlan
from fleet.naming import group_name
from fleet.plan import Plan
from fleet.roles import PUBLIC_ROLES, ROLES

DEBIAN_PROJECT = "debian-cloud"
DEBIAN_FAMILY = "debian-13"


def provider(site: SitePlan) -> gcp.Provider:
    """The site's explicit provider: a resource that forgets its project or region gets this site's."""
    return gcp.Provider(f"{site.name}-gcp", project=site.account, region=site.region)


class GcpSite(Site):
    """Everything of one site on GCP."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:Site", name, None, opts)
        self.site = site = context.site
        self.hosts = {}
        self._context = context
        project = gcp.organizations.get_project_output(
            project_id=site.account, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        self._keys = Keys(name, KeysArgs(context=self._context, project_number=project.number), child_options(self))
        self._accounts = Accounts(name, self._context, child_options(self))
        self._network = Network(name, self._context, child_options(self))
        self._addresses = PublicAddresses(name, self._context, child_options(self))
        self.public_addresses = self._addresses.addresses

    def furnish(self, planned: Plan, addresses: Addresses) -> None:
        """Firewalls from the flow matrix, then the hosts, role by role."""
        firewall = Firewall(
            self.site.name,
            FirewallArgs(
                context=self._context,
                network_id=self._network.network_id,
                accounts=self._accounts.emails,
                addresses=addresses,
            ),
            child_options(self),
        )
        image = self._image()
        for role in ROLES:
            if not planned.hosts_of(self.site.id, role):
                continue
            group = group_name(self.site.id, role)
            args = HostGroupArgs(
                context=self._context,
                role=role,
                image=image,
                account=self._accounts.emails[group],
                subnet_ids=self._network.subnet_ids,
                volume_key=self._keys.volume_key,
                public_addresses=self.public_addresses,
                guards=[*firewall.guards[group], *self._network.ways[role in PUBLIC_ROLES]],
                grant=self._keys.grant,
            )
            self.hosts |= HostGroup(group, args, child_options(self)).hosts
        self.register_outputs({"public_addresses": self.public_addresses})

    def _image(self) -> pulumi.Output[str]:
        """The newest image of Debian 13; hosts that exist keep theirs (`ignore_changes`)."""
        return gcp.compute.get_image_output(
            family=DEBIAN_FAMILY, project=DEBIAN_PROJECT, opts=pulumi.InvokeOutputOptions(parent=self)
        ).self_link


def build(context: SiteContext) -> Site:
    """Makes the site's provider and the first step of the site."""
    options = pulumi.ResourceOptions(providers=[provider(context.site)])
    return GcpSite(context.site.name, context, options)
