"""The network of a GCP site: VPC, subnets, routes, NAT where the egress is `nat`, flow logs.

It opens no port (see `firewall`) and makes no host. Routes belong to the whole VPC on GCP, so the network is made without
default routes, and each route to the Internet holds only for instances with a tag: the public roles' always, the private
roles' with egress `nat`. A sealed site has no such route, no NAT and no Private Google Access, which would let private
hosts reach all that is hosted at Google. IPv6 is never switched on. The resolver at 169.254.169.254 cannot be turned
off: the host firewall closes it.
"""

from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.context import SiteContext
from components.options import child_options
from fleet.hosts import Host, Subnet
from fleet.roles import PUBLIC_ROLES

MTU: Final = 1460
"""GCP's default, written out: the MTU of the mesh is computed from it (`fleet.addressing`)."""
INTERNET: Final = "0.0.0.0/0"
INTERNET_GATEWAY: Final = "default-internet-gateway"


def route_tag(context: SiteContext, *, public: bool) -> str:
    """The network tag that gives its instances a route to the Internet; no firewall looks at it."""
    return context.physical_name(f"{context.site.name}-{'public' if public else 'private'}")


def route_tag_of(context: SiteContext, host: Host) -> str:
    """The tag of one host."""
    return route_tag(context, public=host.role in PUBLIC_ROLES)


class Network(pulumi.ComponentResource):
    """One VPC with everything that routes."""

    network_id: pulumi.Output[str]
    subnet_ids: dict[str, pulumi.Output[str]]
    """By logical name of the subnet in the plan."""
    ways: dict[bool, list[pulumi.Resource]]
    """The routes and NAT of public hosts (True) and of private ones: without them they are cut off."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:Network", name, None, opts)
        self._context = context
        network = gcp.compute.Network(
            name,
            name=context.physical_name(name),
            description=f"Redoubt {name}",
            auto_create_subnetworks=False,
            delete_default_routes_on_create=True,
            routing_mode="REGIONAL",
            enable_ula_internal_ipv6=False,
            mtu=MTU,
            opts=child_options(self),
        )
        self.network_id = network.id
        self.subnet_ids = {subnet.name: self._subnet(subnet) for subnet in context.site.subnets}
        self.ways = {True: [self._route(f"{name}-public-default", public=True)], False: []}
        if context.site.egress == "nat":
            self.ways[False] = [self._route(f"{name}-private-default", public=False), self._nat(f"{name}-nat")]
        self.register_outputs({"network_id": self.network_id, "subnet_ids": self.subnet_ids})

    def _subnet(self, subnet: Subnet) -> pulumi.Output[str]:
        return gcp.compute.Subnetwork(
            subnet.name,
            name=self._context.physical_name(subnet.name),
            network=self.network_id,
            region=self._context.site.region,
            ip_cidr_range=subnet.cidr,
            stack_type="IPV4_ONLY",
            private_ip_google_access=self._context.site.egress == "nat",
            log_config=gcp.compute.SubnetworkLogConfigArgs(
                aggregation_interval="INTERVAL_5_SEC",
                flow_sampling=1.0,
                metadata="INCLUDE_ALL_METADATA",
            ),
            opts=child_options(self),
        ).id

    def _route(self, name: str, *, public: bool) -> pulumi.Resource:
        return gcp.compute.Route(
            name,
            name=self._context.physical_name(name),
            description=f"Redoubt {name}: {'public' if public else 'private'} hosts alone",
            network=self.network_id,
            dest_range=INTERNET,
            next_hop_gateway=INTERNET_GATEWAY,
            tags=[route_tag(self._context, public=public)],
            opts=child_options(self),
        )

    def _nat(self, name: str) -> pulumi.Resource:
        """Cloud NAT for the private subnet, behind an address of our own that a counterpart can admit."""
        context, region = self._context, self._context.site.region
        router = gcp.compute.Router(
            name,
            name=context.physical_name(name),
            network=self.network_id,
            region=region,
            opts=child_options(self),
        )
        address = gcp.compute.Address(
            name,
            name=context.physical_name(name),
            region=region,
            address_type="EXTERNAL",
            network_tier="PREMIUM",
            labels=context.labels(),
            opts=child_options(self),
        )
        return gcp.compute.RouterNat(
            name,
            name=context.physical_name(name),
            router=router.name,
            region=region,
            nat_ip_allocate_option="MANUAL_ONLY",
            nat_ips=[address.self_link],
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                gcp.compute.RouterNatSubnetworkArgs(
                    name=self.subnet_ids[subnet.name], source_ip_ranges_to_nats=["PRIMARY_IP_RANGE"]
                )
                for subnet in context.site.subnets
                if not subnet.public
            ],
            log_config=gcp.compute.RouterNatLogConfigArgs(enable=True, filter="ALL"),
            opts=child_options(self),
        )
