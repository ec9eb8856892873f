"""Network interfaces, which AWS makes with instances and NAT gateways, and their private and public addresses."""

from __future__ import annotations

import ipaddress

from simcloud.aws.account import require
from simcloud.aws.tokens import EIP_ASSOCIATION, NETWORK_INTERFACE
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Properties
from simcloud.ledger import Record

RESERVED_AT_START = 4
"""AWS keeps the first four addresses of a subnet and the last one (aws.json, Subnet, checks)."""

NO_ADDRESS = {"publicIp": "", "allocationId": "", "associationId": ""}


def choose_private_ip(call: Call, subnet: Record, wanted: str | None) -> str:
    """The address that an interface in the subnet gets: the one wanted, or the lowest free one."""
    network = ipaddress.IPv4Network(subnet.outputs["cidrBlock"])
    taken = {interface.outputs["privateIp"] for interface in call.find(NETWORK_INTERFACE, subnetId=subnet.id)}
    usable = range(int(network[RESERVED_AT_START]), int(network[-1]))
    if wanted is None:
        free = (str(ipaddress.IPv4Address(number)) for number in usable)
        address = next((candidate for candidate in free if candidate not in taken), None)
        if address is None:
            raise CloudError(
                "InsufficientFreeAddressesInSubnet",
                f"There are not enough free addresses in subnet '{subnet.id}' to satisfy the request",
                "use a larger subnet, or another one",
            )
        return address
    if ipaddress.ip_address(wanted) not in network:
        raise CloudError(
            "InvalidParameterValue",
            f"Address {wanted} does not fall within the subnet's address range",
            f"use an address of {network}",
        )
    if int(ipaddress.IPv4Address(wanted)) not in usable:
        raise CloudError(
            "InvalidParameterValue",
            f"Address {wanted} is in subnet's reserved address range",
            f"use an address from {network[RESERVED_AT_START]} to {network[-2]}",
        )
    if wanted in taken:
        raise CloudError(
            "InvalidIPAddress.InUse",
            f"Address {wanted} is in use",
            "give each host its own; a replacement with a fixed address needs delete_before_replace",
        )
    return wanted


def add_interface(call: Call, owner: Record, subnet: Record, outputs: Properties, address: str | None = None) -> None:
    """Record the interface that comes with an instance or a NAT gateway; `address` is a public one of its own."""
    placed = {"vpcId": subnet.outputs["vpcId"], "subnetId": subnet.id}
    call.add(NETWORK_INTERFACE, outputs["id"], {**NO_ADDRESS, **placed, **outputs}, owner=owner, address=address)


def require_interface(call: Call, interface_id: str) -> Record:
    """The interface of that id."""
    code = "InvalidNetworkInterfaceID.NotFound"
    return require(call, NETWORK_INTERFACE, interface_id, code, "networkInterface ID")


def interface_with(call: Call, allocation_id: str) -> Record | None:
    """The interface that an elastic address is associated with."""
    return next(iter(call.find(NETWORK_INTERFACE, allocationId=allocation_id)), None)


def associate(call: Call, interface: Record, eip: Record, association_id: str) -> None:
    """Give an interface an elastic address; an address that it had by itself goes back."""
    address = {
        "publicIp": eip.outputs["publicIp"],
        "allocationId": eip.id,
        "associationId": association_id,
    }
    call.change(interface, outputs={**interface.outputs, **address}, address=None)


def disassociate(call: Call, interface: Record) -> None:
    """Take the elastic address from an interface, and with it the association that a program may have made."""
    association = call.get(EIP_ASSOCIATION, interface.outputs["associationId"])
    if association:
        call.remove(association)
    call.change(interface, outputs={**interface.outputs, **NO_ADDRESS})
