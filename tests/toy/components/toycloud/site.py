"""A site on toycloud: a network and public addresses first, then machines that carry their firewall in themselves."""

from typing import Any

import pulumi
import pulumi_toycloud as toycloud

from cloudinit.first_boot import user_data
from components.context import SiteContext
from components.options import child_options, kept_options
from components.site import Addresses, BuiltHost, Site
from fleet.cloudrules import GroupRule
from fleet.hosts import Host, SitePlan
from fleet.plan import Plan


class ToySite(Site):
    """Everything of one site on toycloud."""

    def __init__(self, name: str, planned: Plan, site: SitePlan, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:toycloud:Site", name, None, opts)
        self.site = site
        self.hosts = {}
        self._context = SiteContext(planned=planned, site=site)
        network = {"name": self._context.physical_name(name), "range": site.cidr}
        self._network = toycloud.Network(name, network, child_options(self))
        self.public_addresses = {
            host.name: toycloud.Address(
                host.name, {"name": host.full_name}, kept_options(self, keep=planned.keeps(host))
            ).address
            for host in self._context.hosts()
            if host.public_address is not None
        }

    def furnish(self, planned: Plan, addresses: Addresses) -> None:
        """The machines."""
        for host in self._context.hosts():
            machine = self._machine(planned, host, addresses)
            self.hosts[host.name] = BuiltHost(
                plan=host,
                instance_id=machine.id,
                private_address=pulumi.Output.from_input(str(host.private_address)),
                public_address=self.public_addresses.get(host.name),
            )
        self.register_outputs({"public_addresses": self.public_addresses})

    def _machine(self, planned: Plan, host: Host, addresses: Addresses) -> toycloud.Machine:
        inputs = {
            "name": host.full_name,
            "type": host.machine,
            "network": self._network.id,
            "privateAddress": host.private_address,
            "publicAddress": self.public_addresses.get(host.name),
            "userData": user_data(planned, host),
            "rules": [self._rule(rule, addresses) for rule in planned.rules_of(self.site) if rule.group == host.group],
        }
        return toycloud.Machine(host.name, inputs, kept_options(self, keep=planned.keeps(host)))

    def _rule(self, rule: GroupRule, addresses: Addresses) -> dict[str, Any]:
        peers: list[Any] = [rule.peer]
        if rule.peer_kind == "symbol":
            peers = [addresses[rule.peer].apply(lambda address: f"{address}/32")]
        elif rule.peer_kind == "group":
            inside = (host for host in self._context.hosts() if host.group == rule.peer)
            peers = [f"{host.private_address}/32" for host in inside]
        ports = [rule.first_port, rule.last_port]
        return {"direction": rule.direction, "protocol": rule.protocol, "ports": ports, "peers": peers}


def build(planned: Plan, site: SitePlan) -> Site:
    """Makes the site's provider and the first step of the site."""
    provider = toycloud.Provider(f"{site.name}-toycloud", site.region)
    return ToySite(site.name, planned, site, pulumi.ResourceOptions(providers=[provider]))
