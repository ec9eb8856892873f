"""A site on toycloud: a network and public addresses first, then machines that carry their firewall in themselves."""

from typing import Any

import pulumi
import pulumi_toycloud as toycloud

from cloudinit.first_boot import user_data
from components.context import SiteContext
from components.options import child_options, kept_options
from components.site import Addresses, BuiltHost, Site
from fleet.cloudrules import GroupRule
from fleet.hosts import Host
from fleet.plan import Plan


class ToySite(Site):
    """Everything of one site on toycloud."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:toycloud:Site", name, None, opts)
        self.site = site = context.site
        planned = context.planned
        self.hosts = {}
        self._context = context
        network = {"name": self._context.physical_name(name), "range": site.cidr}
        self._network = toycloud.Network(name, network, child_options(self))
        self.public_addresses = {
            host.name: toycloud.Address(
                host.name,
                {"name": host.full_name},
                kept_options(self, keep=planned.keeps(host), hooks=context.guard.part(host.name)),
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
        hooks = self._context.guard.machine("toycloud:index/machine:Machine", host.name, runs_on=frozenset({"rules"}))
        return toycloud.Machine(host.name, inputs, kept_options(self, keep=planned.keeps(host), hooks=hooks))

    def _rule(self, rule: GroupRule, addresses: Addresses) -> dict[str, Any]:
        peers: list[Any] = [rule.peer]
        if rule.peer_kind == "symbol":
            peers = [addresses[rule.peer].apply(lambda address: f"{address}/32")]
        elif rule.peer_kind == "group":
            inside = (host for host in self._context.hosts() if host.group == rule.peer)
            peers = [f"{host.private_address}/32" for host in inside]
        ports = [rule.first_port, rule.last_port]
        return {"direction": rule.direction, "protocol": rule.protocol, "ports": ports, "peers": peers}


def build(context: SiteContext) -> Site:
    """Makes the site's provider and the first step of the site."""
    provider = toycloud.Provider(f"{context.site.name}-toycloud", context.site.region)
    return ToySite(context.site.name, context, pulumi.ResourceOptions(providers=[provider]))
