"""The AWS sites of a small random fleet, as resources are sent and answered."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fleet.proofs.reading.resources import Resource
from tests.support.small_hosts import slipped
from tests.support.small_plan import PUBLIC_ROLES, Dice, Host, Opening, Plan, Site

NAT_ADDRESS: Final = "198.18.5.{}"


def resource(token: str, name: str, inputs: Mapping[str, Any], **made: Any) -> Resource:
    """A resource with what a provider answers."""
    outputs = {"id": f"{name}-{token.rpartition(':')[2].lower()}", **inputs, **made}
    return Resource(
        urn=f"urn:pulumi:small::redoubt::{token}::{name}", type=token, name=name, inputs=inputs, outputs=outputs
    )


def aws_site(dice: Dice, planned: Plan, site: Site) -> Iterator[Resource]:
    """A VPC with its subnets, gateways, groups and instances."""
    hosts = [one for one in planned.hosts if one.site == site]
    dns = {} if not site.sealed or dice.slips() else {"enableDnsSupport": False}
    vpc = resource("aws:ec2/vpc:Vpc", site.name, {"cidrBlock": site.cidr, **dns, "tags": {"Name": site.name}})
    gateway = resource("aws:ec2/internetGateway:InternetGateway", site.name, {"vpcId": vpc.outputs["id"]})
    yield from (vpc, gateway)
    if dice.chance(0.3):
        yield resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", site.name, {"vpcId": vpc.outputs["id"]})
        yield resource("aws:ec2/flowLog:FlowLog", site.name, {"vpcId": vpc.outputs["id"], "trafficType": "REJECT"})
    subnets: dict[bool, Resource] = {}
    for public in (True, False):
        subnets[public] = _subnet(dice, site, vpc, public=public)
        yield subnets[public]
        yield from _routes(dice, site, subnets[public], gateway, public=public)
    for host in hosts:
        yield from _instance(dice, planned, host, subnets[(host.role in PUBLIC_ROLES) != dice.slips()])
        yield from _groups(dice, planned, host, vpc)


def _subnet(dice: Dice, site: Site, vpc: Resource, *, public: bool) -> Resource:
    inputs: dict[str, Any] = {"vpcId": vpc.outputs["id"], "cidrBlock": site.subnet(public=public)}
    if dice.slips():
        inputs |= {"mapPublicIpOnLaunch": True}
    if dice.slips():
        inputs |= {"assignIpv6AddressOnCreation": True}
    return resource("aws:ec2/subnet:Subnet", f"{site.name}-{'public' if public else 'private'}", inputs)


def _routes(dice: Dice, site: Site, subnet: Resource, gateway: Resource, *, public: bool) -> Iterator[Resource]:
    table = resource("aws:ec2/routeTable:RouteTable", subnet.name, {"vpcId": subnet.inputs["vpcId"], "tags": {}})
    link = {"subnetId": subnet.outputs["id"], "routeTableId": table.outputs["id"]}
    yield from (table, resource("aws:ec2/routeTableAssociation:RouteTableAssociation", subnet.name, link))
    base = {"routeTableId": table.outputs["id"]}
    if public != dice.slips(0.5):
        to = dice.pick({"destinationCidrBlock": "0.0.0.0/0"}, {"destinationCidrBlock": "0.0.0.0/0"})
        yield resource("aws:ec2/route:Route", f"{subnet.name}-out", {**base, **to, "gatewayId": gateway.outputs["id"]})
        if dice.slips():
            six = {**base, "destinationIpv6CidrBlock": "::/0", "gatewayId": gateway.outputs["id"]}
            yield resource("aws:ec2/route:Route", f"{subnet.name}-out6", six)
    elif site.sealed == dice.slips():
        to = {"destinationCidrBlock": dice.pick("0.0.0.0/0", "0.0.0.0/0", "198.18.0.0/15")}
        address = resource(
            "aws:ec2/eip:Eip", f"{subnet.name}-nat", {"domain": "vpc"}, publicIp=NAT_ADDRESS.format(site.number)
        )
        nat = resource(
            "aws:ec2/natGateway:NatGateway",
            subnet.name,
            {"allocationId": address.outputs["id"], "subnetId": subnet.outputs["id"]},
        )
        route = {**base, **to, "natGatewayId": nat.outputs["id"]}
        yield from (address, nat, resource("aws:ec2/route:Route", f"{subnet.name}-nat", route))


def _instance(dice: Dice, planned: Plan, host: Host, subnet: Resource) -> Iterator[Resource]:
    groups = [f"{host.name}-securitygroup"]
    if dice.slips():
        groups = [f"{dice.pick(*_neighbours(planned, host)).name}-securitygroup"]
    if dice.slips(0.5):
        groups = dice.pick([], [*groups, f"{dice.pick(*_neighbours(planned, host)).name}-securitygroup"])
    inputs: dict[str, Any] = {
        "ami": "ami-0123456789abcdef0",
        "instanceType": "t4g.small",
        "subnetId": subnet.outputs["id"],
        "privateIp": host.private,
        "vpcSecurityGroupIds": groups,
        "tags": {"Name": host.name},
    }
    if dice.slips():
        inputs |= dice.pick({"ipv6AddressCount": 1}, {"ipv6Addresses": ["2001:db8::7"]})
    with_address = host.public is not None or dice.slips()
    if not with_address and dice.chance(0.5):
        inputs |= {"associatePublicIpAddress": dice.slips(3), "sourceDestCheck": True}
    instance = resource("aws:ec2/instance:Instance", host.name, inputs)
    yield instance
    if not with_address:
        return
    taken_by = {"instance": instance.outputs["id"]}
    direct = dice.chance(0.3)
    address = host.public or f"198.18.4.{21 + 2 * host.slot}"
    eip = resource("aws:ec2/eip:Eip", host.name, {"domain": "vpc", **(taken_by if direct else {})}, publicIp=address)
    yield eip
    if not direct:
        link = {"instanceId": instance.outputs["id"], "allocationId": eip.outputs["id"]}
        yield resource("aws:ec2/eipAssociation:EipAssociation", host.name, link)


def _neighbours(planned: Plan, host: Host) -> list[Host]:
    return [one for one in planned.hosts if one.site == host.site]


def _groups(dice: Dice, planned: Plan, host: Host, vpc: Resource) -> Iterator[Resource]:
    group = resource(
        "aws:ec2/securityGroup:SecurityGroup", host.name, {"vpcId": vpc.outputs["id"], "description": host.name}
    )
    yield group
    for kind, openings in (("Ingress", planned.incoming[host.name]), ("Egress", planned.outgoing[host.name])):
        token = f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule"
        rules = [
            {"securityGroupId": group.outputs["id"], **_protocol(dice, opening), **peer}
            for opening in (slipped(dice, one) for one in openings)
            if opening.place == "net" and not dice.slips()
            for peer in _peers(dice, host, opening)
        ]
        for number, rule in enumerate(rules):
            yield resource(token, f"{host.name}-{number}", rule)


def _peers(dice: Dice, host: Host, opening: Opening) -> Iterator[Mapping[str, Any]]:
    """A range, or the group of a host in the same network."""
    for peer in opening.peers:
        if isinstance(peer, str):
            yield {"cidrIpv6": peer} if ":" in peer else {"cidrIpv4": peer}
        elif peer.site == host.site:
            yield dice.pick(
                {"referencedSecurityGroupId": f"{peer.name}-securitygroup"}, {"cidrIpv4": f"{peer.private}/32"}
            )
        elif peer.public:
            yield {"cidrIpv4": f"{peer.public}/32"}


def _protocol(dice: Dice, opening: Opening) -> Mapping[str, Any]:
    if opening.protocol == "all":
        return dice.pick({"ipProtocol": "-1"}, {"ipProtocol": "-1", "fromPort": -1, "toPort": -1})
    if opening.protocol == "icmp":
        first, last = (3, -1) if dice.slips() else (opening.first, opening.last)
        return {"ipProtocol": "icmp", "fromPort": -1 if dice.slips() else first, "toPort": last}
    return {"ipProtocol": opening.protocol, "fromPort": opening.first, "toPort": opening.last}
