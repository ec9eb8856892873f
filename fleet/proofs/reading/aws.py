"""Reads what is sent to AWS: interfaces with their security groups, public addresses and routes.

A security group only allows, and what no rule allows is dropped; a rule that names a group means the private addresses
of its members. The VPC resolver, metadata, time and DHCP addresses are reached past every group (EC2 user guide).
"""

from collections.abc import Iterable, Iterator, Mapping

from fleet.proofs.model import (
    OPEN,
    Filter,
    Interface,
    Protocol,
    Route,
    Rule,
    Spans,
    merged,
    point,
    span,
    spans,
)
from fleet.proofs.reading.chosen import Chosen
from fleet.proofs.reading.resources import (
    ALL_PROTOCOLS,
    HostFacts,
    Inputs,
    ReadingError,
    Resource,
    Resources,
    port_span,
    refuse_strangers,
)

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INSTANCE = "aws:ec2/instance:Instance"
EIP = "aws:ec2/eip:Eip"
EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation"

READ = {
    VPC,
    SUBNET,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    ROUTE_TABLE,
    ROUTE,
    ASSOCIATION,
    GROUP,
    INGRESS,
    EGRESS,
    DEFAULT_GROUP,
    INSTANCE,
    EIP,
    EIP_ASSOCIATION,
}
HARMLESS = {
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ebs/volume:Volume",
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/volumeAttachment:VolumeAttachment",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:kms/alias:Alias",
    "aws:kms/key:Key",
}
NAMES = {"tags", "name", "description", "region"}
INPUTS = {
    VPC: {"cidrBlock", "enableDnsHostnames", "enableDnsSupport", "tags"},
    SUBNET: {"assignIpv6AddressOnCreation", "availabilityZone", "cidrBlock", "mapPublicIpOnLaunch", "tags", "vpcId"},
    INTERNET_GATEWAY: {"tags", "vpcId"},
    NAT_GATEWAY: {"allocationId", "connectivityType", "subnetId", "tags"},
    EIP: {"domain", "instance", "tags"},
    EIP_ASSOCIATION: {"allocationId", "allowReassociation", "instanceId"},
    ASSOCIATION: {"routeTableId", "subnetId"},
    DEFAULT_GROUP: {"egress", "ingress", "tags", "vpcId"},
}
"""Inputs that are read, or that move no packet."""
UNFILTERED = spans(["169.254.0.0/16"])


def interfaces(
    resources: Iterable[Resource], hosts: Mapping[str, HostFacts], chosen: Chosen
) -> dict[str, tuple[Interface, ...]]:
    """The interfaces of the hosts on AWS, by name.

    Raises:
        ReadingError: When something is rendered that is not modelled.
    """
    reader = _Reader(Resources("aws", resources, READ, HARMLESS), chosen)
    instances = reader.resources.of(INSTANCE)
    refuse_strangers(instances, hosts)
    return {one.name: (reader.interface(one),) for one in instances}


class _Reader:
    def __init__(self, resources: Resources, chosen: Chosen):
        self.resources, self.chosen = resources, chosen
        self.members: dict[str, list[int]] = {}
        for instance in resources.of(INSTANCE):
            groups: list[str] = instance.inputs.get("vpcSecurityGroupIds") or []
            for group in groups:
                self.members.setdefault(group, []).append(point(instance.inputs["privateIp"]))
        for token, known in INPUTS.items():
            for one in resources.of(token):
                Inputs(one.inputs, one.urn).finish(known)
        tables = {one.outputs["id"] for one in resources.of(ROUTE_TABLE)}
        for route in resources.of(ROUTE):
            if route.inputs.get("routeTableId") not in tables:
                raise ReadingError(f"{route.urn}: its route table is none of this stack, which is not modelled")
        for group in resources.of(GROUP):
            inputs = Inputs(group.inputs, group.urn)
            inputs.refuse("ingress", [])
            inputs.refuse("egress", [])
            inputs.finish({*NAMES, "vpcId"})
        self.rules = {
            direction: [self._rule(one) for one in resources.of(token)]
            for direction, token in (("in", INGRESS), ("out", EGRESS))
        }

    def _rule(self, resource: Resource) -> tuple[str, Rule]:
        """One rule with the id of its group."""
        inputs = Inputs(resource.inputs, resource.urn)
        name = str(inputs.get("ipProtocol"))
        cidrs = [inputs.get(key) for key in ("cidrIpv4", "cidrIpv6") if inputs.get(key)]
        group = inputs.get("referencedSecurityGroupId")
        if group is not None:
            self.resources.find(GROUP, group)
        peers = merged([*spans(cidrs), *((one, one) for one in self.members.get(str(group), []))])
        protocols, ports = _protocol(name, int(inputs.get("fromPort", -1)), int(inputs.get("toPort", -1)), resource.urn)
        owner = inputs.get("securityGroupId")
        inputs.finish(NAMES)
        return owner, Rule(accept=True, protocols=protocols, peers=peers, ports=ports, origin=resource.urn)

    def interface(self, instance: Resource) -> Interface:
        inputs = Inputs(instance.inputs, instance.urn)
        subnet = self.resources.find(SUBNET, inputs.get("subnetId"))
        network = self.resources.find(VPC, subnet.inputs["vpcId"])
        for name in ("networkInterfaces", "secondaryPrivateIps", "primaryNetworkInterface", "securityGroups"):
            inputs.refuse(name, [])
        inputs.refuse("sourceDestCheck", True)
        given = [inputs.get("ipv6Addresses"), inputs.get("ipv6AddressCount")]
        has_ipv6 = any([*given, subnet.inputs.get("assignIpv6AddressOnCreation")])
        groups = inputs.get("vpcSecurityGroupIds")
        public = self._public(instance, inputs, subnet)
        interface = Interface(
            network=network.urn,
            network_range=spans([network.inputs["cidrBlock"]]),
            address=point(inputs.get("privateIp")),
            public=public,
            guest_owns_public=False,
            has_ipv6=has_ipv6,
            cloud=self._filter(groups) if groups else OPEN,
            routes=tuple(self._routes(subnet, network)),
            provider_services=self._services(network),
            reaches_provider=network.inputs.get("enableDnsSupport", True) is not False,
        )
        inputs.finish(
            {
                "ami",
                "instanceType",
                "disableApiTermination",
                "instanceInitiatedShutdownBehavior",
                "monitoring",
                "ebsOptimized",
                "metadataOptions",
                "rootBlockDevice",
                "userData",
                "userDataReplaceOnChange",
                "tags",
            }
        )
        return interface

    def _filter(self, groups: list[str]) -> Filter:
        for group in groups:
            self.resources.find(GROUP, group)
        return Filter(
            incoming=tuple(rule for owner, rule in self.rules["in"] if owner in groups),
            outgoing=tuple(rule for owner, rule in self.rules["out"] if owner in groups),
        )

    def _public(self, instance: Resource, inputs: Inputs, subnet: Resource) -> int | None:
        """An associated Elastic IP, or one that AWS gives at launch."""
        at_launch = inputs.get("associatePublicIpAddress")
        for link in self.resources.of(EIP_ASSOCIATION):
            Inputs(link.inputs, link.urn).refuse("networkInterfaceId")
            if link.inputs.get("instanceId") == instance.outputs["id"]:
                return point(self.resources.find(EIP, link.inputs["allocationId"]).outputs["publicIp"])
        for address in self.resources.of(EIP):
            Inputs(address.inputs, address.urn).refuse("networkInterface")
            if address.inputs.get("instance") == instance.outputs["id"]:
                return point(address.outputs["publicIp"])
        if at_launch is None:
            at_launch = subnet.inputs.get("mapPublicIpOnLaunch", False)
        return self.chosen.public(instance.urn) if at_launch else None

    def _routes(self, subnet: Resource, network: Resource) -> Iterator[Route]:
        yield Route(to=span(network.inputs["cidrBlock"]), via="local", origin=network.urn)
        tables = [one for one in self.resources.of(ASSOCIATION) if one.inputs.get("subnetId") == subnet.outputs["id"]]
        if not tables:
            raise ReadingError(f"{subnet.urn}: has the network's main route table, which is not modelled")
        for association in tables:
            table = self.resources.find(ROUTE_TABLE, association.inputs["routeTableId"])
            Inputs(table.inputs, table.urn).finish({*NAMES, "vpcId"})
            for route in self.resources.of(ROUTE):
                if route.inputs.get("routeTableId") == table.outputs["id"]:
                    yield self._route(route)

    def _route(self, resource: Resource) -> Route:
        inputs = Inputs(resource.inputs, resource.urn)
        to = inputs.get("destinationCidrBlock") or inputs.get("destinationIpv6CidrBlock")
        nat = inputs.get("natGatewayId")
        if nat:
            gateway = self.resources.find(NAT_GATEWAY, nat)
            Inputs(gateway.inputs, gateway.urn).refuse("secondaryAllocationIds", [])
            address = self.resources.find(EIP, gateway.inputs["allocationId"]).outputs["publicIp"]
            route = Route(to=span(to), via="nat", addresses=spans([address]), origin=resource.urn)
        else:
            self.resources.find(INTERNET_GATEWAY, inputs.get("gatewayId"))
            route = Route(to=span(to), via="internet", origin=resource.urn)
        inputs.finish({"routeTableId", "region"})
        return route

    def _services(self, network: Resource) -> Spans:
        """Link-local addresses, and the resolver at the second address of the VPC while it answers."""
        if network.inputs.get("enableDnsSupport", True) is False:
            return UNFILTERED
        resolver = span(network.inputs["cidrBlock"])[0] + 2
        return merged([*UNFILTERED, (resolver, resolver)])


def _protocol(name: str, first: int, last: int, where: str) -> tuple[frozenset[Protocol], tuple[int, int]]:
    if name == "-1":
        return ALL_PROTOCOLS, port_span(-1, -1)
    if name in ("tcp", "udp"):
        return frozenset({"tcp" if name == "tcp" else "udp"}), port_span(first, last)
    if name == "icmp":
        everything = first == -1
        low, high = first * 256 + max(last, 0), first * 256 + (255 if last == -1 else last)
        return frozenset({"icmp"}), port_span(-1, -1) if everything else (low, high)
    raise ReadingError(f"{where}: protocol {name} is not modelled by the proofs")
