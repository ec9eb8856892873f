"""A location of bare metal: machines that are there already.

Nothing is created, so nothing can be lost by a `destroy` either; all that later reaches hosts over SSH reaches these
the same way. They have no network of ours and no cloud firewall: their host firewall and the mesh namespace stand alone.
"""

import pulumi

from components.context import SiteContext
from components.site import Addresses, BuiltHost, Site
from fleet.plan import Plan


class BareMetalSite(Site):
    """The machines of one location, which fail together."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:baremetal:Site", name, None, opts)
        self.site = context.site
        self.hosts = {}
        self.public_addresses = {
            host.name: pulumi.Output.from_input(str(host.public_address)) for host in context.hosts()
        }

    def furnish(self, planned: Plan, addresses: Addresses) -> None:  # noqa: ARG002 - metal has no rules to put them in
        """Takes the hosts up as they stand in the config."""
        for host in planned.hosts_of(self.site.id):
            self.hosts[host.name] = BuiltHost(
                plan=host,
                instance_id=None,
                private_address=None,
                public_address=self.public_addresses[host.name],
                host_key=host.host_key,
            )
        self.register_outputs({"public_addresses": self.public_addresses})


def build(context: SiteContext) -> Site:
    """Takes the site up."""
    return BareMetalSite(context.site.name, context)
