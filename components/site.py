"""What a site of any provider offers to the rest of the program.

A site is built in two steps. Making it creates its network and its public addresses; `furnish` then creates firewalls
and hosts, which need the public addresses of all other sites. Nothing here knows a provider.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from fleet.addressing import public_symbol
from fleet.hosts import Host, SitePlan
from fleet.plan import Plan

Addresses = Mapping[str, pulumi.Output[str]]
"""Addresses that providers chose, by the name of their symbol in the plan."""


@dataclass(frozen=True, kw_only=True)
class BuiltHost:
    """A host that the provider has made, or that was there.

    Attributes:
        plan: The host in the plan.
        instance_id: The provider's id of the machine; None for metal.
        private_address: IPv4 in the site's network; None for metal.
        public_address: IPv4 on the Internet; None for private hosts.
        host_key: The public half of its SSH host key where the config knows it (metal), else None: a host in a cloud
            makes its own.
    """

    plan: Host
    instance_id: pulumi.Output[str] | None
    private_address: pulumi.Output[str] | None
    public_address: pulumi.Output[str] | None
    host_key: str | None = None


class Site(pulumi.ComponentResource):
    """One provider in one region, or one location of bare metal."""

    site: SitePlan
    public_addresses: dict[str, pulumi.Output[str]]
    """Public addresses of the site's hosts by the host's name; known after the first step."""
    hosts: dict[str, BuiltHost]
    """The site's hosts by name; filled by `furnish`."""

    @abstractmethod
    def furnish(self, planned: Plan, addresses: Addresses) -> None:
        """Creates firewalls and hosts. To be called once, when all sites' public addresses are there."""

    def symbols(self) -> dict[str, pulumi.Output[str]]:
        """What this site's provider chose, by the symbols of the plan."""
        return {public_symbol(name).name: address for name, address in self.public_addresses.items()}
