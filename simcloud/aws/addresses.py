"""Elastic addresses, their associations, and NAT gateways (internal/service/ec2/ec2_eip*.go, vpc_nat_gateway.go)."""

from __future__ import annotations

from collections.abc import Iterator

from simcloud.aws.account import arn, new_id, require
from simcloud.aws.common import AwsModel
from simcloud.aws.interfaces import (
    add_interface,
    associate,
    choose_private_ip,
    disassociate,
    interface_with,
    require_interface,
)
from simcloud.aws.network import require_internet_gateway
from simcloud.aws.tokens import EIP, EIP_ASSOCIATION, INSTANCE, NAT_GATEWAY, SUBNET, VPC
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.internet import public_address
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import UNKNOWN
from simcloud.ledger import Record


def require_eip(call: Call, allocation_id: str | None) -> Record:
    """The elastic address of that allocation id."""
    return require(call, EIP, allocation_id, "InvalidAllocationID.NotFound", "allocation ID")


def interface_of_target(call: Call, instance_id: str | None, interface_id: str | None) -> Record:
    """The interface that an instance or an interface id stands for."""
    if interface_id:
        return require_interface(call, interface_id)
    instance = require(call, INSTANCE, instance_id, "InvalidInstanceID.NotFound", "instance ID")
    return require_interface(call, instance.outputs["primaryNetworkInterfaceId"])


def public_dns(call: Call, vpc_id: str, address: str) -> str:
    """The name AWS gives a public address in a VPC with DNS host names."""
    vpc = call.get(VPC, vpc_id)
    if vpc is None or not vpc.outputs["enableDnsHostnames"] or not address:
        return ""
    zone = "compute-1" if call.region == "us-east-1" else f"{call.region}.compute"
    return f"ec2-{address.replace('.', '-')}.{zone}.amazonaws.com"


def private_dns(call: Call, address: str) -> str:
    """The name AWS gives a private address."""
    zone = "ec2" if call.region == "us-east-1" else f"{call.region}.compute"
    return f"ip-{address.replace('.', '-')}.{zone}.internal"


class Eip(AwsModel):
    """An elastic address, associated in place or by EipAssociation. Own pools, IPAM and Outposts are not modelled."""

    token = EIP
    unsupported = frozenset(
        {
            "address",
            "associateWithPrivateIp",
            "customerOwnedIpv4Pool",
            "ipamPoolId",
            "networkBorderGroup",
            "publicIpv4Pool",
        }
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if inputs.get("domain") == "standard":
            yield Failure("domain", "standard (EC2-Classic) is no longer supported: use vpc")
        if inputs.get("instance") and inputs.get("networkInterface"):
            yield Failure("instance", "with networkInterface has an undefined result: set one of the two")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        quota = call.quota("elastic-ips", 5)
        if len(call.find(EIP)) >= quota:
            raise CloudError(
                "AddressLimitExceeded",
                f"The maximum number of addresses ({quota}) has been reached in {call.region}",
                "release one, or raise the quota and `python -m simcloud set quota.elastic-ips N`",
            )
        allocation_id = new_id(call, "eipalloc")
        address = public_address(call)
        outputs = {
            "allocationId": allocation_id,
            "arn": arn(call, "ec2", f"elastic-ip/{allocation_id}"),
            "associationId": "",
            "carrierIp": "",
            "customerOwnedIp": "",
            "domain": "vpc",
            "networkBorderGroup": call.region,
            "privateDns": "",
            "privateIp": "",
            "ptrRecord": "",
            "publicDns": "",
            "publicIp": address,
            "publicIpv4Pool": "amazon",
        }
        return Created(allocation_id, outputs, address=address)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        if record.inputs.get("instance") or record.inputs.get("networkInterface"):
            self._associate(call, record, dict(record.inputs))

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; what the address is associated with now, whoever did it."""
        interface = interface_with(call, record.id)
        at = interface.outputs if interface else {}
        private = at.get("privateIp", "")
        return {
            **record.outputs,
            "associationId": at.get("associationId", ""),
            "instance": at.get("instanceId", ""),
            "networkInterface": at.get("id", ""),
            "privateIp": private,
            "privateDns": private_dns(call, private) if private else "",
            "publicDns": public_dns(call, at.get("vpcId", ""), record.outputs["publicIp"]),
        }

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; a new instance or interface takes the address over."""
        old = self.read(call, record)
        moved = any(name in inputs and inputs[name] != old[name] for name in ("instance", "networkInterface"))
        if moved:
            interface = interface_with(call, record.id)
            if interface:
                self._refuse_nat_gateway(interface)
                disassociate(call, interface)
            self._associate(call, record, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; disassociated first, which only a NAT gateway's address cannot be."""
        interface = interface_with(call, record.id)
        if interface:
            self._refuse_nat_gateway(interface)
            disassociate(call, interface)
        return True

    def _associate(self, call: Call, record: Record, inputs: Properties) -> None:
        if inputs.get("instance") or inputs.get("networkInterface"):
            interface = interface_of_target(call, inputs.get("instance"), inputs.get("networkInterface"))
            require_internet_gateway(call, interface.outputs["vpcId"])
            refuse_or_free(call, interface, reassociate=True)
            associate(call, require_interface(call, interface.id), record, new_id(call, "eipassoc"))

    def _refuse_nat_gateway(self, interface: Record) -> None:
        if interface.outputs.get("natGatewayId"):
            raise CloudError(
                "InvalidIPAddress.InUse",
                f"Address {interface.outputs['publicIp']} is in use by {interface.outputs['natGatewayId']}",
                "delete the NAT gateway first, or add the missing dependency to the program",
                retry=True,
            )


def refuse_or_free(call: Call, interface: Record | None, *, reassociate: bool) -> None:
    """Make an interface ready for an elastic address: one that it has already is freed, if the caller allows it."""
    if interface is None or not interface.outputs["associationId"]:
        return
    if interface.outputs.get("natGatewayId") or not reassociate:
        raise CloudError(
            "Resource.AlreadyAssociated",
            f"{interface.outputs['allocationId']} is already associated with {interface.id}",
            "free it there first; a replacement that keeps the address needs delete_before_replace",
        )
    disassociate(call, interface)


class EipAssociation(AwsModel):
    """An elastic address at an instance's or an interface's primary private address; every change replaces it."""

    token = EIP_ASSOCIATION
    unsupported = frozenset({"privateIpAddress"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if not inputs.get("instanceId") and not inputs.get("networkInterfaceId"):
            yield Failure("instanceId", "or networkInterfaceId is needed: set one")
        if not inputs.get("allocationId"):
            yield Failure("allocationId", "is needed, since addresses outside VPCs are gone: set it")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; without allowReassociation AWS moves an address that is associated elsewhere."""
        eip = require_eip(call, inputs["allocationId"])
        interface = interface_of_target(call, inputs.get("instanceId"), inputs.get("networkInterfaceId"))
        require_internet_gateway(call, interface.outputs["vpcId"])
        reassociate = inputs.get("allowReassociation", True)
        refuse_or_free(call, interface_with(call, eip.id), reassociate=reassociate)
        refuse_or_free(call, require_interface(call, interface.id), reassociate=reassociate)
        association_id = new_id(call, "eipassoc")
        associate(call, require_interface(call, interface.id), eip, association_id)
        outputs = {
            "instanceId": interface.outputs.get("instanceId", ""),
            "networkInterfaceId": interface.id,
            "privateIpAddress": interface.outputs["privateIp"],
            "publicIp": eip.outputs["publicIp"],
        }
        return Created(association_id, outputs)

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the address stays allocated."""
        interface = interface_with(call, record.outputs["allocationId"])
        if interface and interface.outputs["associationId"] == record.id:
            disassociate(call, interface)
        return True


class NatGateway(AwsModel):
    """A zonal NAT gateway, public or private. Regional gateways and secondary addresses are not modelled."""

    token = NAT_GATEWAY
    unsupported = frozenset(
        {
            "availabilityZoneAddresses",
            "secondaryAllocationIds",
            "secondaryPrivateIpAddressCount",
            "secondaryPrivateIpAddresses",
        }
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        connectivity = inputs.get("connectivityType", "public")
        if inputs.get("availabilityMode") == "regional":
            yield Failure("availabilityMode", "regional is not simulated: use zonal")
        if "subnetId" not in inputs:
            yield Failure("subnetId", "is needed by a zonal NAT gateway: set it")
        if connectivity == "private" and "allocationId" in inputs:
            yield Failure("allocationId", "is not for a private NAT gateway: remove it")
        if connectivity not in ("private", UNKNOWN) and "allocationId" not in inputs:
            yield Failure("allocationId", "is needed by a public NAT gateway: set it")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; what AWS finds only later makes the gateway `failed`, which the provider reports."""
        subnet = require(call, SUBNET, inputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
        zone = subnet.outputs["availabilityZone"]
        vpc_id = subnet.outputs["vpcId"]
        in_zone = [other for other in call.find(NAT_GATEWAY) if other.hidden["zone"] == zone]
        if len(in_zone) >= call.quota("nat-gateways-per-zone", 5):
            raise CloudError(
                "NatGatewayLimitExceeded", f"{zone} has {len(in_zone)} NAT gateways", "use one, or raise the quota"
            )
        public = ""
        if inputs["connectivityType"] == "public":
            require_internet_gateway(call, vpc_id)
            eip = require_eip(call, inputs["allocationId"])
            refuse_or_free(call, interface_with(call, eip.id), reassociate=False)
            public = eip.outputs["publicIp"]
        outputs = {
            "associationId": new_id(call, "eipassoc") if public else "",
            "autoProvisionZones": "",
            "autoScalingIps": "",
            "availabilityMode": "zonal",
            "networkInterfaceId": new_id(call, "eni"),
            "privateIp": choose_private_ip(call, subnet, inputs.get("privateIp")),
            "publicIp": public,
            "regionalNatGatewayAddresses": [],
            "regionalNatGatewayAutoMode": "",
            "routeTableId": "",
            "vpcId": vpc_id,
        }
        return Created(new_id(call, "nat"), outputs, hidden={"zone": zone})

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        subnet = require(call, SUBNET, record.outputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
        interface = {
            "id": record.outputs["networkInterfaceId"],
            "natGatewayId": record.id,
            "privateIp": record.outputs["privateIp"],
            "publicIp": record.outputs["publicIp"],
            "allocationId": record.inputs.get("allocationId", ""),
            "associationId": record.outputs["associationId"],
            "securityGroups": [],
        }
        add_interface(call, record, subnet, interface)
