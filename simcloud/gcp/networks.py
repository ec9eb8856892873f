"""VPC networks and subnets (google-beta/services/compute/resource_compute_{network,subnetwork}.go; see gcp.json)."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.model import Autoname, Call, Created, Decision, Properties, Question
from simcloud.core.values import UNKNOWN, has_unknown
from simcloud.gcp.account import (
    fingerprint,
    in_use,
    invalid,
    link_of,
    new_number,
    refuse_over_quota,
    require,
)
from simcloud.gcp.common import GcpModel, Scope, chosen, given
from simcloud.gcp.tokens import ADDRESS, FIREWALL, INSTANCE, NETWORK, ROUTE, ROUTER, ROUTER_NAT, SUBNETWORK
from simcloud.ledger import Record

NETWORKS, FIREWALLS = 5, 100
"""Default quotas of a project (gcp.json, Network, checks; general knowledge)."""

DEFAULT_MTU = 1460
LARGEST, SMALLEST = 8, 29
"""Prefix lengths of a subnet's primary range."""

SECONDARY_RANGES = 170
RESERVED_FIRST, RESERVED_LAST = 2, 2
PROHIBITED = tuple(
    map(ipaddress.IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"))
)
"""Ranges that no subnet may have; general knowledge ("prohibited IPv4 subnet ranges" in the VPC documentation)."""


class Network(GcpModel):
    """A custom-mode network with its default route. Auto mode, IPv6 and network profiles are not modelled."""

    token = NETWORK
    collection = "networks"
    autoname = Autoname(63, lower_case=True)
    unsupported = frozenset({"enableUlaInternalIpv6", "internalIpv6Range", "networkProfile", "params"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if given(inputs, "autoCreateSubnetworks", True) is True:
            yield Failure("autoCreateSubnetworks", "true (the default) is not simulated: set it to false")
        if inputs.get("deleteBgpAlwaysCompareMed") is True and inputs.get("bgpAlwaysCompareMed") is True:
            yield Failure(
                "deleteBgpAlwaysCompareMed", "cannot be true beside bgpAlwaysCompareMed: remove one of the two"
            )

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        self._refuse_med(inputs)
        path = self.claim(call, inputs)
        project = inputs["project"]
        refuse_over_quota(call, "networks", NETWORKS, len(call.find(NETWORK, project=project)), f"in {project}")
        number = str(new_number(call))
        outputs = {
            "gatewayIpv4": "",
            "networkId": number,
            "numericId": number,
            "selfLink": link_of(path),
            **chosen(
                inputs,
                bgpAlwaysCompareMed=False,
                bgpBestPathSelectionMode="LEGACY",
                bgpInterRegionCost="",
                internalIpv6Range="",
                mtu=DEFAULT_MTU,
                routingMode="REGIONAL",
            ),
        }
        return Created(path, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created; the route to the Internet that every network starts with."""
        if record.inputs.get("deleteDefaultRoutesOnCreate"):
            return
        digits = hashlib.sha256(f"{record.id}/{record.seq}".encode()).hexdigest()[:16]
        project = record.outputs["project"]
        path = f"projects/{project}/global/routes/default-route-{digits}"
        outputs = {
            "id": path,
            "name": f"default-route-{digits}",
            "project": project,
            "network": record.outputs["selfLink"],
            "destRange": "0.0.0.0/0",
            "priority": 1000,
            "nextHopGateway": link_of(f"projects/{project}/global/gateways/default-internet-gateway"),
            "tags": [],
        }
        call.add(ROUTE, path, outputs, owner=record)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse_med({**record.outputs, **inputs})
        return {}

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; the default route goes with the network."""
        users = [user for kind in (SUBNETWORK, ROUTER, FIREWALL, ROUTE) for user in in_network(call, kind, record)]
        users = [user.id for user in users if user.owner != record.seq]
        if users:
            raise in_use(record.id, users)
        return True

    def _refuse_med(self, inputs: Mapping[str, Any]) -> None:
        if inputs.get("bgpAlwaysCompareMed") and inputs.get("bgpBestPathSelectionMode", "LEGACY") == "LEGACY":
            raise invalid(
                "routingConfig.bgpAlwaysCompareMed",
                True,
                "It is only for the best path selection mode STANDARD.",
                "set bgpBestPathSelectionMode to STANDARD",
            )


def in_network(call: Call, kind: str, network: Record) -> list[Record]:
    """The records of a type that name this network."""
    return call.find(kind, network=network.outputs["selfLink"])


def subnets_of(call: Call, network: Record) -> list[Record]:
    """The subnets of a network, in all regions."""
    return in_network(call, SUBNETWORK, network)


def ranges_of(subnet: Mapping[str, Any]) -> list[str]:
    """The primary and secondary ranges of a subnet."""
    return [subnet["ipCidrRange"], *(entry["ipCidrRange"] for entry in subnet.get("secondaryIpRanges") or [])]


def usable(block: str) -> tuple[int, int]:
    """The first and the last address of a primary range that something may have, as numbers."""
    network = ipaddress.IPv4Network(block)
    return int(network[0]) + RESERVED_FIRST, int(network[-1]) - RESERVED_LAST


def range_must_be_new(question: Question) -> bool:
    """Whether a changed range replaces the subnet: only a range around the old one is grown into."""
    old, new = question.change.old, question.change.new
    try:
        return not ipaddress.IPv4Network(old).subnet_of(ipaddress.IPv4Network(new))
    except ValueError:
        return True


class Subnetwork(GcpModel):
    """A subnet for instances, IPv4 only. Proxy-only and other purposes are not modelled."""

    token = SUBNETWORK
    collection = "subnetworks"
    scope: ClassVar[Scope] = "regions"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {"network": ("networks", "global")}
    autoname = Autoname(63, lower_case=True)
    unsupported = frozenset(
        {
            "allowSubnetCidrRoutesOverlap",
            "externalIpv6Prefix",
            "internalIpv6Prefix",
            "ipCollection",
            "ipv6AccessType",
            "params",
            "privateIpv6GoogleAccess",
            "reservedInternalRange",
            "resolveSubnetMask",
            "role",
            "secondaryIpRanges.ipCollection",
            "secondaryIpRanges.reservedInternalRange",
            "sendSecondaryIpRangeIfEmpty",
        }
    )
    decisions: ClassVar[Mapping[str, Decision]] = {"ipCidrRange": range_must_be_new}

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if "ipCidrRange" not in inputs:
            yield Failure("ipCidrRange", "is required without a reserved range, which is not simulated: set it")
        secondary = inputs.get("secondaryIpRanges", [])
        blocks = {"ipCidrRange": inputs.get("ipCidrRange")}
        for index, entry in enumerate([] if secondary is UNKNOWN else secondary):
            blocks[f"secondaryIpRanges[{index}].ipCidrRange"] = (
                UNKNOWN if entry is UNKNOWN else entry.get("ipCidrRange")
            )
        for path, block in blocks.items():
            if isinstance(block, str):
                yield from check_range(block, path)
        for name, only in (("purpose", "PRIVATE"), ("stackType", "IPV4_ONLY")):
            if given(inputs, name, only) not in (only, None):
                yield Failure(name, f"other than {only} is not simulated: leave it out")
        yield from self._check_log(inputs.get("logConfig"))

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        network = require(call, NETWORK, self.reference(inputs, inputs["network"], "network"))
        refuse_ranges(call, network, inputs, path)
        outputs = {
            **self.described(call, path),
            "fingerprint": fingerprint(call),
            "gatewayAddress": gateway_of(inputs["ipCidrRange"]),
            "ipv6CidrRange": "",
            "ipv6GceEndpoint": "",
            "state": "",
            "subnetworkId": new_number(call),
            **chosen(
                inputs,
                privateIpGoogleAccess=False,
                privateIpv6GoogleAccess="DISABLE_GOOGLE_ACCESS",
                purpose="PRIVATE",
                stackType="IPV4_ONLY",
            ),
        }
        return Created(path, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; the primary range grows, secondary ranges come and go while nothing has them."""
        network = require(call, NETWORK, self.reference(inputs, inputs["network"], "network"))
        kept = {"secondaryIpRanges": record.outputs.get("secondaryIpRanges", [])}
        refuse_ranges(call, network, {**kept, **inputs}, record.id)
        return {"fingerprint": fingerprint(call), "gatewayAddress": gateway_of(inputs["ipCidrRange"])}

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release."""
        link = record.outputs["selfLink"]
        instances = [
            i for i in call.find(INSTANCE) if any(n["subnetwork"] == link for n in i.outputs["networkInterfaces"])
        ]
        addresses = [a for a in call.find(ADDRESS) if a.outputs.get("subnetwork") == link]
        nats = [n for n in call.find(ROUTER_NAT) if link in [s["name"] for s in n.outputs.get("subnetworks", [])]]
        users = [user.id for user in (*instances, *addresses, *nats)]
        if users:
            raise in_use(record.id, users)
        return True

    def _check_log(self, log: Any) -> Iterator[Failure]:
        if not isinstance(log, dict) or has_unknown(log):
            return
        if not any(
            log.get(name) is not None for name in ("aggregationInterval", "filterExpr", "flowSampling", "metadata")
        ):
            yield Failure("logConfig", "is empty: set flowSampling or another of its properties, or leave it out")
        if log.get("metadataFields") and log.get("metadata") != "CUSTOM_METADATA":
            yield Failure("logConfig.metadataFields", "is only for metadata CUSTOM_METADATA: remove it, or set that")


def gateway_of(block: str) -> str:
    """The subnet's gateway: the second address of its range (gcp.json, Subnetwork, note)."""
    return str(ipaddress.IPv4Network(block)[1])


def check_range(block: str, path: str) -> Iterator[Failure]:
    """The provider's own check of a range: address and prefix length, IPv4."""
    try:
        if "/" not in block:
            raise ValueError
        ipaddress.IPv4Network(block, strict=False)
    except ValueError:
        yield Failure(path, f"{block!r} is not an IPv4 range: write it as address/prefix length")


def refuse_ranges(call: Call, network: Record, subnet: Mapping[str, Any], path: str) -> None:
    """Raise if a subnet cannot have its ranges: their form, and overlaps with each other and the network's others."""
    _refuse_form(subnet)
    names = [entry["rangeName"] for entry in subnet.get("secondaryIpRanges") or []]
    if len(set(names)) != len(names) or len(names) > SECONDARY_RANGES:
        raise invalid(
            "secondaryIpRanges", names, "Names are unique, and there are at most 170.", "name each range once"
        )
    taken = [(o.id, block) for o in subnets_of(call, network) if o.id != path for block in ranges_of(o.outputs)]
    for block in ranges_of(subnet):
        for other, its in taken:
            if ipaddress.IPv4Network(block).overlaps(ipaddress.IPv4Network(its)):
                raise invalid(
                    "ipCidrRange",
                    block,
                    f"It overlaps {its} of {other}.",
                    "use a range that no other subnet of the network has, in whatever region",
                )
        taken.append((path, block))


def _refuse_form(subnet: Mapping[str, Any]) -> None:
    for block in ranges_of(subnet):
        try:
            network = ipaddress.IPv4Network(block)
        except ValueError:
            whole = ipaddress.IPv4Network(block, strict=False)
            raise invalid("ipCidrRange", block, "It has host bits.", f"did you mean {whole}?") from None
        if any(network.overlaps(other) for other in PROHIBITED):
            raise invalid("ipCidrRange", block, "The range is prohibited.", "use a private range such as 10.0.0.0/8")
    length = ipaddress.IPv4Network(subnet["ipCidrRange"]).prefixlen
    if not LARGEST <= length <= SMALLEST:
        raise invalid(
            "ipCidrRange", subnet["ipCidrRange"], f"A primary range is /{LARGEST} to /{SMALLEST}.", "use such a size"
        )


def require_subnet(call: Call, path: str, region: str) -> Record:
    """The subnet of that id, which must be in the region."""
    subnet = require(call, SUBNETWORK, path)
    if subnet.region != region:
        raise invalid("subnetwork", path, f"It is not in region {region}.", f"use a subnet of {region}")
    return subnet
