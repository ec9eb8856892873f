"""VPC networks and the private addresses in them (digitalocean/vpc/resource_vpc.go; see data/digitalocean.json)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import known
from simcloud.digitalocean.account import (
    OFFERED,
    conflict,
    is_on,
    new_uuid,
    now,
    refuse_closed_region,
    refuse_taken_name,
    unprocessable,
)
from simcloud.digitalocean.common import AUTONAME, NETWORK_NAME, DigitalOceanModel, refuse_name
from simcloud.digitalocean.tokens import DROPLET, NAT_GATEWAY, VPC
from simcloud.ledger import Record

LARGEST, SMALLEST, GENERATED = 16, 28, 20
"""Prefix lengths of networks, and of one for which no range was given (checks)."""

MEMBERS = 10_000
"""Resources in a network, whatever its size (checks)."""

RFC1918 = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
RESERVED = tuple(ipaddress.IPv4Network(block) for block in OFFERED["reserved_networks"])
GATEWAYS = 1
"""How many addresses after a network's own the cloud keeps for itself; DigitalOcean does not say how many it is."""


def default_vpc(call: Call, region: str) -> Record:
    """The network of the region for what names none; the cloud makes it when there is none."""
    found = call.find(VPC, region=region, default=1)
    if not found:
        _add_default_vpc(call, region)
        found = call.find(VPC, region=region, default=1)
    return found[0]


def members(call: Call, vpc_id: str) -> list[Record]:
    """What is in a network."""
    gateways = [g for g in call.find(NAT_GATEWAY) if vpc_id in [vpc["vpcUuid"] for vpc in g.outputs["vpcs"]]]
    return [*call.find(DROPLET, vpcUuid=vpc_id), *gateways]


def choose_private_address(call: Call, vpc: Record) -> str:
    """The address that the cloud gives a new member: the one after the last it gave, if that is free.

    So an address does not come back to the next droplet when its owner goes: DigitalOcean promises neither that nor the
    opposite, and a program that relied on it would break there.
    """
    network = ipaddress.IPv4Network(vpc.outputs["ipRange"])
    first, count = int(network.network_address) + 1 + GATEWAYS, network.num_addresses - 2 - GATEWAYS
    inside = members(call, vpc.id)
    taken = {record.outputs.get("ipv4AddressPrivate") for record in inside}
    taken |= {there["gatewayIp"] for record in inside for there in record.outputs.get("vpcs", [])}
    if len(inside) >= min(count, MEMBERS):
        raise unprocessable(f"VPC {vpc.id} has no free address", "use a larger network, or another one")
    while True:
        number = call.transaction.count(f"digitalocean.address.{vpc.id}") - 1
        address = str(ipaddress.IPv4Address(first + number % count))
        if address not in taken:
            return address


class Vpc(DigitalOceanModel):
    """A network. Peering and subnets are not modelled."""

    token = VPC
    autoname = AUTONAME
    not_empty = frozenset({"name", "region"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check; validation.IsCIDR, the rest is said by the API."""
        yield from super().check(inputs, region)
        block = known(inputs, "ipRange")
        if block is not None and not _is_block(block):
            yield Failure("ipRange", f"{block!r} is not an address range: write it as address/prefix length")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; the first network of a region that has no default one becomes its default."""
        refuse_closed_region(inputs["region"])
        self._refuse_names(call, inputs)
        block = inputs.get("ipRange")
        if block is None:
            block = str(_free_block(call))
        refuse_block(call, block)
        has_default = is_on(call, "default-vpcs") or call.find(VPC, region=inputs["region"], default=1)
        vpc_id = new_uuid(call)
        return Created(vpc_id, {**_facts(call, vpc_id), "ipRange": block, "default": not has_default})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse_names(call, inputs, except_id=record.id)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; both refusals are retried by the real provider."""
        if record.outputs["default"]:
            raise CloudError(
                "403",
                f"Can not delete default VPCs: {record.id} is the default one of {record.outputs['region']}",
                "make another network the region's default in the control panel, then delete this one",
                retry=True,
            )
        users = members(call, record.id)
        if users:
            names = ", ".join(user.id for user in users[:5])
            raise conflict(
                f"Can not delete VPC with members: {record.id} has {names}",
                "delete the members first, or add the missing dependency to the program",
                retry=True,
            )
        return True

    def _refuse_names(self, call: Call, inputs: Properties, except_id: str = "") -> None:
        refuse_name(inputs["name"], NETWORK_NAME, "VPC", "letters, digits, dashes and periods")
        refuse_taken_name(call, VPC, inputs["name"], "VPC", except_id=except_id)


def refuse_block(call: Call, block: str) -> None:
    """Raise unless a network can have the address range."""
    network = ipaddress.IPv4Network(block, strict=False)
    if str(network) != block:
        raise unprocessable(f"{block} is not a network address", f"did you mean {network}?")
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise unprocessable(f"{block} has no size of a VPC", f"use /{LARGEST} to /{SMALLEST}")
    if not any(network.subnet_of(private) for private in RFC1918):
        raise unprocessable(f"{block} is not private", "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
    for reserved in RESERVED:
        if network.overlaps(reserved):
            raise unprocessable(f"{block} overlaps {reserved}, which DigitalOcean keeps for itself", "use another")
    for owner, other in _blocks(call):
        if network.overlaps(other):
            raise unprocessable(
                f"{block} overlaps with another VPC network in your account, {other} of {owner}",
                "use a range that no network of the account has, in whatever region",
            )


def _blocks(call: Call) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    """The ranges that the account has used up, also those of default networks that nobody has looked at yet."""
    vpcs = call.find(VPC)
    for vpc in vpcs:
        yield vpc.id, ipaddress.IPv4Network(vpc.outputs["ipRange"])
    if is_on(call, "default-vpcs"):
        seen = {vpc.outputs["region"] for vpc in vpcs if vpc.outputs["default"]}
        for region, block in OFFERED["default_networks"].items():
            if region not in seen:
                yield f"default-{region}", ipaddress.IPv4Network(block)


def _free_block(call: Call) -> ipaddress.IPv4Network:
    taken = [block for _owner, block in _blocks(call)]
    pool = ipaddress.IPv4Network(OFFERED["generated_networks"])
    for block in pool.subnets(new_prefix=GENERATED):
        if not any(block.overlaps(other) for other in taken):
            return block
    raise unprocessable("No range is free for a VPC", "give one with ipRange")


def _add_default_vpc(call: Call, region: str) -> None:
    block = OFFERED["default_networks"][region]
    if not is_on(call, "default-vpcs"):
        block = str(_free_block(call))  # the usual range may be in use by now
    vpc_id = new_uuid(call)
    outputs = {
        **_facts(call, vpc_id),
        "id": vpc_id,
        "name": f"default-{region}",
        "region": region,
        "ipRange": block,
        "description": "",
        "default": True,
    }
    call.transaction.add(provider=call.provider, region=region, type=VPC, id=vpc_id, outputs=outputs)


def _facts(call: Call, vpc_id: str) -> Properties:
    return {"createdAt": now(call), "vpcUrn": f"do:vpc:{vpc_id}"}


def _is_block(block: str) -> bool:
    try:
        ipaddress.IPv4Network(block, strict=False)
    except ValueError:
        return False
    return "/" in block
