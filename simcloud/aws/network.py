"""VPCs, subnets and internet gateways (terraform-provider-aws, internal/service/ec2/vpc_*.go; see data/aws.json)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import ClassVar

from simcloud.aws.account import arn, in_use, new_id, require, zones
from simcloud.aws.common import AwsModel, check_block
from simcloud.aws.tokens import (
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SUBNET,
    VPC,
)
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Created, Decision, Properties
from simcloud.core.values import known
from simcloud.ledger import Record

ALL_TRAFFIC = {"protocol": "-1", "fromPort": 0, "toPort": 0}

LARGEST, SMALLEST = 16, 28
"""Prefix lengths of VPCs and subnets (aws.json: InvalidVpc.Range, InvalidSubnet.Range)."""


def check_prefix_length(inputs: Properties) -> Iterator[Failure]:
    """The provider's check of cidrBlock: a network address from /16 to /28."""
    found = list(check_block(inputs, "cidrBlock", 4))
    block = known(inputs, "cidrBlock")
    if not found and block and not LARGEST <= ipaddress.IPv4Network(block).prefixlen <= SMALLEST:
        found = [Failure("cidrBlock", f"{block} is not between /{LARGEST} and /{SMALLEST}: use a size between them")]
    yield from found


def internet_gateway_of(call: Call, vpc_id: str) -> Record | None:
    """The internet gateway attached to a VPC."""
    return next(iter(call.find(INTERNET_GATEWAY, vpcId=vpc_id)), None)


def require_internet_gateway(call: Call, vpc_id: str) -> None:
    """Public addresses work in a VPC only while it has an internet gateway (Gateway.NotAttached)."""
    if internet_gateway_of(call, vpc_id) is None:
        raise CloudError(
            "Gateway.NotAttached",
            f"Network {vpc_id} is not attached to any internet gateway",
            "create the InternetGateway first, and name it in depends_on",
        )


class Vpc(AwsModel):
    """A VPC with its default security group, main route table and network ACL. IPv6 and IPAM are not modelled."""

    token = VPC
    unsupported = frozenset(
        {
            "assignGeneratedIpv6CidrBlock",
            "ipv4IpamPoolId",
            "ipv4NetmaskLength",
            "ipv6CidrBlock",
            "ipv6CidrBlockNetworkBorderGroup",
            "ipv6IpamPoolId",
            "ipv6NetmaskLength",
        }
    )
    decisions: ClassVar[Mapping[str, Decision]] = {
        "instanceTenancy": lambda asked: (asked.change.old, asked.change.new) != ("dedicated", "default"),
    }

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_prefix_length(inputs)
        if "cidrBlock" not in inputs:
            yield Failure("cidrBlock", "is required without an IPAM pool, which is not simulated: set it")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        quota = call.quota("vpcs", 5)
        if len(call.find(VPC)) >= quota:
            raise CloudError(
                "VpcLimitExceeded",
                f"The maximum number of VPCs ({quota}) has been reached in {call.region}",
                "delete one, or raise the quota and `python -m simcloud set quota.vpcs N`",
            )
        vpc_id, main_table = new_id(call, "vpc"), new_id(call, "rtb")
        outputs = {
            "arn": arn(call, "ec2", f"vpc/{vpc_id}"),
            "defaultNetworkAclId": new_id(call, "acl"),
            "defaultRouteTableId": main_table,
            "defaultSecurityGroupId": new_id(call, "sg"),
            "dhcpOptionsId": f"dopt-{1:017x}",
            "ipv6AssociationId": "",
            "mainRouteTableId": main_table,
            "ownerId": call.account,
        }
        return Created(vpc_id, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        group = record.outputs["defaultSecurityGroupId"]
        default_group = {
            "id": group,
            "vpcId": record.id,
            "name": "default",
            "description": "default VPC security group",
            "ingress": [{**ALL_TRAFFIC, "self": True}],
            "egress": [{**ALL_TRAFFIC, "cidrBlocks": ["0.0.0.0/0"]}],
        }
        call.add(SECURITY_GROUP, group, default_group, owner=record)
        table = record.outputs["mainRouteTableId"]
        call.add(ROUTE_TABLE, table, {"id": table, "vpcId": record.id}, owner=record)

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; what came with the VPC goes with it."""
        kinds = (SUBNET, INTERNET_GATEWAY, NAT_GATEWAY, NETWORK_INTERFACE, SECURITY_GROUP, ROUTE_TABLE)
        users = [user for kind in kinds for user in call.find(kind, vpcId=record.id) if user.owner != record.seq]
        if users:
            raise in_use("DependencyViolation", f"The vpc '{record.id}'", users)
        return True


class Subnet(AwsModel):
    """A subnet. IPv6, Outposts, customer-owned addresses and IPAM are not modelled."""

    token = SUBNET
    unsupported = frozenset(
        {
            "assignIpv6AddressOnCreation",
            "customerOwnedIpv4Pool",
            "enableDns64",
            "enableLniAtDeviceIndex",
            "enableResourceNameDnsAaaaRecordOnLaunch",
            "ipv4IpamPoolId",
            "ipv4NetmaskLength",
            "ipv6CidrBlock",
            "ipv6IpamPoolId",
            "ipv6Native",
            "ipv6NetmaskLength",
            "mapCustomerOwnedIpOnLaunch",
            "outpostArn",
        }
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_prefix_length(inputs)
        if "cidrBlock" not in inputs:
            yield Failure("cidrBlock", "is required without IPAM and IPv6, which are not simulated: set it")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        vpc = require(call, VPC, inputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        self._place(call, vpc, inputs["cidrBlock"])
        zone = self._zone(call, inputs)
        subnet_id = new_id(call, "subnet")
        outputs = {
            "arn": arn(call, "ec2", f"subnet/{subnet_id}"),
            "availabilityZone": zone,
            "availabilityZoneId": zones(call.region)[zone],
            "ipv6CidrBlockAssociationId": "",
            "ownerId": call.account,
            "privateDnsHostnameTypeOnLaunch": inputs.get("privateDnsHostnameTypeOnLaunch", "ip-name"),
        }
        return Created(subnet_id, outputs)

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; associations with route tables go with the subnet."""
        users = call.find(NETWORK_INTERFACE, subnetId=record.id)
        if users:
            raise in_use("DependencyViolation", f"The subnet '{record.id}'", users)
        for association in call.find(ROUTE_TABLE_ASSOCIATION, subnetId=record.id):
            call.remove(association)
        return True

    def _place(self, call: Call, vpc: Record, block: str) -> None:
        network = ipaddress.IPv4Network(block)
        vpc_block = vpc.outputs["cidrBlock"]
        if not network.subnet_of(ipaddress.IPv4Network(vpc_block)):
            raise CloudError("InvalidSubnet.Range", f"The CIDR '{block}' is invalid", f"use a part of {vpc_block}")
        others = call.find(SUBNET, vpcId=vpc.id)
        for other in others:
            if network.overlaps(ipaddress.IPv4Network(other.outputs["cidrBlock"])):
                raise CloudError(
                    "InvalidSubnet.Conflict",
                    f"The CIDR '{block}' conflicts with {other.id} ({other.outputs['cidrBlock']})",
                    "use a block that no other subnet of the VPC has",
                )
        if len(others) >= call.quota("subnets-per-vpc", 200):
            raise CloudError(
                "SubnetLimitExceeded", f"{vpc.id} has {len(others)} subnets", "use fewer, or have the quota raised"
            )

    def _zone(self, call: Call, inputs: Properties) -> str:
        offered = zones(call.region)
        by_id = {zone_id: zone for zone, zone_id in offered.items()}
        zone = inputs.get("availabilityZone") or by_id.get(inputs.get("availabilityZoneId", ""))
        if zone is None and "availabilityZoneId" not in inputs:
            return next(iter(offered))
        if zone not in offered:
            wanted = inputs.get("availabilityZone") or inputs["availabilityZoneId"]
            raise CloudError(
                "InvalidParameterValue",
                f"Value ({wanted}) for parameter availabilityZone is invalid",
                f"use one of {', '.join(offered)}",
            )
        return zone


class InternetGateway(AwsModel):
    """An internet gateway, attached to at most one VPC."""

    token = INTERNET_GATEWAY

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        quota = call.quota("internet-gateways", 5)
        if len(call.find(INTERNET_GATEWAY)) >= quota:
            raise CloudError(
                "InternetGatewayLimitExceeded",
                f"The maximum number of internet gateways ({quota}) has been reached in {call.region}",
                "delete one, or raise the quota and `python -m simcloud set quota.internet-gateways N`",
            )
        self._refuse_attachment(call, inputs)
        gateway_id = new_id(call, "igw")
        return Created(gateway_id, {"arn": arn(call, "ec2", f"internet-gateway/{gateway_id}"), "ownerId": call.account})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; a gateway may move to another VPC."""
        if inputs.get("vpcId", record.outputs["vpcId"]) != record.outputs["vpcId"]:
            self._refuse_detachment(call, record)
            self._refuse_attachment(call, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; detached first, routes that point at it turn blackhole."""
        self._refuse_detachment(call, record)
        return True

    def _refuse_attachment(self, call: Call, inputs: Properties) -> None:
        if not inputs.get("vpcId"):
            return
        vpc = require(call, VPC, inputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        if internet_gateway_of(call, vpc.id):
            raise CloudError(
                "InvalidParameterValue",
                f"Network {vpc.id} already has an internet gateway attached",
                "use the one it has, since a VPC takes one",
            )

    def _refuse_detachment(self, call: Call, record: Record) -> None:
        mapped = [i for i in call.find(NETWORK_INTERFACE, vpcId=record.outputs["vpcId"]) if i.outputs["publicIp"]]
        if mapped:
            raise in_use("DependencyViolation", f"Network {record.outputs['vpcId']}", mapped)
