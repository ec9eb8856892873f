"""Static addresses, and who has which address (google-beta/services/compute/resource_compute_address.go; see gcp.json)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import ClassVar

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.internet import public_address
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.gcp.account import fingerprint_of, in_use, invalid, link_of, new_number, refuse_over_quota
from simcloud.gcp.common import GcpModel, Scope, chosen, given
from simcloud.gcp.networks import require_subnet, usable
from simcloud.gcp.tokens import ADDRESS, EPHEMERAL_ADDRESS, INSTANCE, ROUTER_NAT, SUBNETWORK
from simcloud.ledger import Record

STATIC_ADDRESSES = 8
"""Default quota of external static addresses in a region; general knowledge."""


def reserved(call: Call, subnet: Record) -> dict[str, Record]:
    """The internal addresses that are reserved in a subnet, by address."""
    found = call.find(ADDRESS, addressType="INTERNAL", subnetwork=subnet.outputs["selfLink"])
    return {record.outputs["address"]: record for record in found}


def in_subnet(call: Call, subnet: Record, without: str = "") -> dict[str, Record]:
    """The instances in a subnet by their internal address; `without` is the id of one to leave out."""
    link = subnet.outputs["selfLink"]
    return {
        interface["networkIp"]: instance
        for instance in call.find(INSTANCE)
        if instance.id != without
        for interface in instance.outputs["networkInterfaces"]
        if interface["subnetwork"] == link
    }


def internal_address(call: Call, subnet: Record, wanted: str | None, *, owner: str = "") -> str:
    """A free address of a subnet's primary range for an instance, the wanted one or the lowest that is not reserved.

    A reserved address is given to the instance that asks for it, and to one at a time.
    """
    used = in_subnet(call, subnet, without=owner)
    if wanted:
        refuse_outside(subnet, wanted, "networkInterfaces.networkIp")
        if wanted in used:
            raise CloudError(
                "IP_IN_USE_BY_ANOTHER_RESOURCE",
                f"IP '{wanted}' is already being used by {used[wanted].id}",
                "use another address; a replacement that keeps its address needs delete_before_replace",
            )
        return wanted
    return lowest(subnet, {*used, *reserved(call, subnet)})


def lowest(subnet: Record, taken: set[str]) -> str:
    """The lowest address of a subnet's primary range that is not taken."""
    first, last = usable(subnet.outputs["ipCidrRange"])
    for number in range(first, last + 1):
        if str(ipaddress.IPv4Address(number)) not in taken:
            return str(ipaddress.IPv4Address(number))
    raise CloudError(
        "IP_SPACE_EXHAUSTED",
        f"The range of {subnet.id} has no free address left",
        "use a larger range or another subnet",
    )


def refuse_outside(subnet: Record, address: str, field: str) -> None:
    """Raise unless an address is in a subnet's primary range and none of the four that GCP keeps."""
    block = subnet.outputs["ipCidrRange"]
    first, last = usable(block)
    try:
        inside = first <= int(ipaddress.IPv4Address(address)) <= last
    except ValueError:
        inside = False
    if not inside:
        raise invalid(
            field,
            address,
            f"It is not in {block} of {subnet.id}, or one of its first two or last two, which GCP keeps.",
            f"use {ipaddress.IPv4Address(first)} to {ipaddress.IPv4Address(last)}",
        )


def lend(call: Call, owner: Record, name: str) -> str:
    """Lend an ephemeral public address to an instance's interface or a NAT gateway, another one than it has."""
    address = public_address(call)
    take_back(call, owner, name)
    path = f"{owner.id}/{name}"
    call.add(EPHEMERAL_ADDRESS, path, {"id": path, "address": address, "user": owner.id}, owner, address)
    return address


def take_back(call: Call, owner: Record, name: str) -> None:
    """Take an ephemeral address back."""
    record = call.get(EPHEMERAL_ADDRESS, f"{owner.id}/{name}")
    if record:
        call.remove(record)


def lent(call: Call, owner: Record, name: str) -> str:
    """The ephemeral address that an interface or a gateway has, if any."""
    record = call.get(EPHEMERAL_ADDRESS, f"{owner.id}/{name}")
    return record.outputs["address"] if record else ""


def router_of(nat: Record) -> str:
    """The id of the router that a NAT gateway is an entry of."""
    names = {name: nat.outputs[name] for name in ("project", "region", "router")}
    return "projects/{project}/regions/{region}/routers/{router}".format(**names)


def users(call: Call, address: Record) -> list[str]:
    """The links of what uses a static address."""
    value = address.outputs["address"]
    if address.outputs["addressType"] == "INTERNAL":
        found = in_subnet(call, call.find(SUBNETWORK, selfLink=address.outputs["subnetwork"])[0])
        return [link_of(found[value].id)] if value in found else []
    instances = [
        instance.id
        for instance in call.find(INSTANCE)
        for interface in instance.outputs["networkInterfaces"]
        for config in interface.get("accessConfigs", [])
        if config.get("natIp") == value
    ]
    nats = [nat for nat in call.find(ROUTER_NAT) if address.outputs["selfLink"] in nat.outputs.get("natIps", [])]
    return [link_of(path) for path in [*instances, *(router_of(nat) for nat in nats)]]


def refuse_use(call: Call, address: Record, field: str, *, tier: str | None = None, user: str = "") -> None:
    """Raise unless a static external address is free for a user, and of its network tier."""
    others = [link for link in users(call, address) if link != link_of(user)]
    if others:
        raise in_use(address.id, others)
    if tier and tier != address.outputs["networkTier"]:
        raise invalid(
            field,
            address.outputs["address"],
            f"Its network tier is {address.outputs['networkTier']}, not {tier}.",
            "use an address of the same tier",
        )


class Address(GcpModel):
    """A static address, external or for instances of a subnet. Ranges and addresses of other purposes are not modelled."""

    token = ADDRESS
    collection = "addresses"
    scope: ClassVar[Scope] = "regions"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {"subnetwork": ("subnetworks", "regions")}
    autoname = Autoname(63)
    unsupported = frozenset({"ipCollection", "ipv6EndpointType", "network", "prefixLength"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        kind = given(inputs, "addressType", "EXTERNAL")
        if given(inputs, "ipVersion", "IPV4") not in ("IPV4", None):
            yield Failure("ipVersion", "other than IPV4 is not simulated: leave it out")
        if given(inputs, "purpose", "GCE_ENDPOINT") not in ("GCE_ENDPOINT", None):
            yield Failure("purpose", "other than GCE_ENDPOINT is not simulated: leave it out")
        if kind == "EXTERNAL" and "address" in inputs:
            yield Failure("address", "of an EXTERNAL address, to keep an ephemeral one, is not simulated: leave it out")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        numbered = {
            "addressId": new_number(call),
            "labelFingerprint": fingerprint_of(inputs.get("effectiveLabels")),
            "users": [],
        }
        outputs = {**self.described(call, path), **numbered, **chosen(inputs, prefixLength=0)}
        if inputs["addressType"] == "INTERNAL":
            return self._internal(call, path, inputs, outputs)
        for name in ("subnetwork", "purpose"):
            if inputs.get(name):
                raise invalid(name, inputs[name], "It is only for INTERNAL addresses.", "leave it out")
        project, region = inputs["project"], call.region
        others = [a for a in call.find(ADDRESS, project=project, addressType="EXTERNAL") if a.region == region]
        refuse_over_quota(call, "static-addresses", STATIC_ADDRESSES, len(others), f"in {region} of {project}")
        address = public_address(call)
        outputs |= {"address": address, **chosen(inputs, networkTier="PREMIUM", purpose="", subnetwork="")}
        return Created(path, outputs, address=address)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read."""
        return {**record.outputs, "users": users(call, record)}

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; only labels change in place."""
        return {"labelFingerprint": fingerprint_of(inputs.get("effectiveLabels"))}

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release."""
        found = users(call, record)
        if found:
            raise in_use(record.id, found)
        return True

    def _internal(self, call: Call, path: str, inputs: Properties, outputs: Properties) -> Created:
        if inputs.get("networkTier"):
            raise invalid(
                "networkTier", inputs["networkTier"], "An INTERNAL address has no network tier.", "leave it out"
            )
        if not inputs.get("subnetwork"):
            raise invalid("subnetwork", "", "An INTERNAL address needs a subnetwork.", "set subnetwork")
        subnet = require_subnet(call, self.reference(inputs, inputs["subnetwork"], "subnetwork"), call.region)
        taken = {**in_subnet(call, subnet), **reserved(call, subnet)}
        address = inputs.get("address") or lowest(subnet, set(taken))
        refuse_outside(subnet, address, "address")
        if address in taken:
            raise in_use(f"{subnet.id} {address}", [taken[address].id])
        # An address that an instance already has can be kept at GCP; here it is refused (gcp.json, Address, checks).
        outputs |= {"address": address, **chosen(inputs, networkTier="", purpose="GCE_ENDPOINT")}
        return Created(path, outputs)
