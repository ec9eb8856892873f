"""Cloud routers and their NAT gateways (google-beta/services/compute/resource_compute_router{,_nat}.go; see gcp.json)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import UNKNOWN, has_unknown, known
from simcloud.gcp.account import base_name, invalid, path_of, refuse_over_quota, require, require_region
from simcloud.gcp.addresses import lend, lent, refuse_use, router_of, take_back
from simcloud.gcp.common import GcpModel, Scope, chosen, given
from simcloud.gcp.networks import in_network
from simcloud.gcp.tokens import ADDRESS, NETWORK, ROUTER, ROUTER_NAT, SUBNETWORK
from simcloud.ledger import Record

ROUTERS, NATS, SUBNETS = 5, 50, 50
"""Routers of a network in a region, gateways of a router, subnets of a gateway (gcp.json, checks; general knowledge)."""

ASNS = ((64512, 65534), (4200000000, 4294967294), (16550, 16550))
LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")
AUTO = "auto"
PRIMARY, SECONDARY, EVERY = "PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES", "ALL_IP_RANGES"


class Router(GcpModel):
    """A router in a network, for NAT or BGP. Its BGP peers, keys and NCC gateways are not modelled."""

    token = ROUTER
    collection = "routers"
    scope: ClassVar[Scope] = "regions"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {"network": ("networks", "global")}
    autoname = Autoname(63, lower_case=True)
    unsupported = frozenset({"encryptedInterconnectRouter", "md5AuthenticationKeys", "nccGateway", "params"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if "network" not in inputs:
            yield Failure("network", "is needed without an NCC gateway, which is not simulated: set it")
        bgp = inputs.get("bgp")
        if not isinstance(bgp, dict):
            return
        asn = known(bgp, "asn")
        if asn is not None and not any(low <= asn <= high for low, high in ASNS):
            yield Failure("bgp.asn", f"{asn} is no private number: use 64512 to 65534, or 4200000000 to 4294967294")
        if given(bgp, "advertiseMode", "DEFAULT") == "DEFAULT":
            for name in ("advertisedGroups", "advertisedIpRanges"):
                if bgp.get(name):
                    yield Failure(f"bgp.{name}", "is only for advertiseMode CUSTOM: remove it, or set that")
        block = known(bgp, "identifierRange")
        if block is not None and not _is_identifier_range(block):
            yield Failure("bgp.identifierRange", f"{block!r} is not in {LINK_LOCAL}, a /30 or larger: use such a range")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        network = require(call, NETWORK, self.reference(inputs, inputs["network"], "network"))
        others = [router for router in in_network(call, ROUTER, network) if router.region == call.region]
        refuse_over_quota(call, "routers", ROUTERS, len(others), f"in {network.id} and {call.region}")
        return Created(path, self.described(call, path))

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; NAT gateways are entries of the router and go with it."""
        for nat in call.find(ROUTER_NAT):
            if router_of(nat) == record.id:
                call.remove(nat)
        return True


def _is_identifier_range(block: str) -> bool:
    try:
        network = ipaddress.IPv4Network(block)
    except ValueError:
        return False
    return network.subnet_of(LINK_LOCAL) and network.prefixlen <= 30


class RouterNat(GcpModel):
    """A public NAT gateway, an entry in its router. Private NAT, NAT64 and rules are not modelled."""

    token = ROUTER_NAT
    scope: ClassVar[Scope] = "regions"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {
        "drainNatIps": ("addresses", "regions"),
        "natIps": ("addresses", "regions"),
        "subnetworks.name": ("subnetworks", "regions"),
    }
    by_last_segment = frozenset({"region", "router"})
    autoname = Autoname(63, lower_case=True)
    unsupported = frozenset({"initialNatIps", "nat64Subnetworks", "rules", "sourceSubnetworkIpRangesToNat64"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if given(inputs, "type", "PUBLIC") not in ("PUBLIC", None):
            yield Failure("type", "PRIVATE is not simulated: leave it out")
        if known(inputs, "endpointTypes") not in (None, ["ENDPOINT_TYPE_VM"]):
            yield Failure("endpointTypes", "other than ENDPOINT_TYPE_VM are not simulated: leave it out")
        if len(known(inputs, "name") or "xx") < 2:
            yield Failure("name", "has one character, 2 to 63 are needed: lengthen it")
        yield from self._check_addresses(inputs)
        yield from self._check_subnets(inputs)
        yield from self._check_ports(inputs)

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored; the router is kept by name."""
        router = inputs.get("router")
        return super().stored({**inputs, "router": base_name(router)} if isinstance(router, str) else inputs)

    def path(self, inputs: Mapping[str, Any]) -> str:
        """See GcpModel.path."""
        return f"{inputs['project']}/{base_name(inputs['region'])}/{base_name(inputs['router'])}/{inputs['name']}"

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; a PATCH of the router."""
        region = base_name(inputs["region"])
        require_region(region)
        if inputs.get("drainNatIps"):
            raise invalid("drainNatIps", inputs["drainNatIps"], "Nothing can drain from a new gateway.", "leave it out")
        router = require(call, ROUTER, path_of(inputs["router"], inputs["project"], f"regions/{region}", "routers"))
        path = self.path(inputs)
        if call.get(ROUTER_NAT, path):
            raise CloudError(
                "alreadyExists",
                f"Router {router.id} has a NAT with name {inputs['name']} already",
                f"choose another name, or `pulumi import {ROUTER_NAT} NAME {path}`",
            )
        others = [nat for nat in call.find(ROUTER_NAT) if router_of(nat) == router.id]
        refuse_over_quota(call, "nats-per-router", NATS, len(others), f"in {router.id}")
        self._refuse(call, router, inputs, path)
        dynamic = inputs.get("enableDynamicPortAllocation")
        outputs = chosen(
            inputs,
            autoNetworkTier="PREMIUM",
            enableDynamicPortAllocation=False,
            enableEndpointIndependentMapping=False,
            endpointTypes=["ENDPOINT_TYPE_VM"],
            minPortsPerVm=32 if dynamic else 64,
        )
        return Created(path, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created; without addresses of its own the gateway is lent one, which no output shows."""
        if record.outputs["natIpAllocateOption"] == "AUTO_ONLY":
            lend(call, record, AUTO)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        router = require(call, ROUTER, router_of(record))
        before, after = record.outputs.get("natIps", []), self.stored(inputs).get("natIps", [])
        for link in self.stored(inputs).get("drainNatIps", []):
            if link not in [*before, *record.outputs.get("drainNatIps", [])] or link in after:
                raise invalid(
                    "drainNatIps", link, "It was not among natIps, or still is.", "move addresses from natIps to it"
                )
        self._refuse(call, router, inputs, record.id)
        if inputs.get("natIpAllocateOption") != "AUTO_ONLY":
            take_back(call, record, AUTO)
        elif not lent(call, record, AUTO):
            lend(call, record, AUTO)
        return {}

    def _check_addresses(self, inputs: Properties) -> Iterator[Failure]:
        option = given(inputs, "natIpAllocateOption", "")
        if option == "":
            yield Failure("natIpAllocateOption", "is needed by a public NAT: set AUTO_ONLY or MANUAL_ONLY")
        if inputs.get("natIps") and option not in ("MANUAL_ONLY", None):
            yield Failure("natIps", "is only for natIpAllocateOption MANUAL_ONLY: remove it, or set that")
        if option == "MANUAL_ONLY" and not inputs.get("natIps"):
            yield Failure("natIps", "is needed with natIpAllocateOption MANUAL_ONLY: name addresses")

    def _check_subnets(self, inputs: Properties) -> Iterator[Failure]:
        listed = known(inputs, "sourceSubnetworkIpRangesToNat")
        if listed is None:
            return
        if (listed == "LIST_OF_SUBNETWORKS") != bool(inputs.get("subnetworks")):
            yield Failure("subnetworks", "goes with LIST_OF_SUBNETWORKS: set both, or neither")
        subnets = inputs.get("subnetworks")
        for index, entry in enumerate([] if subnets in (None, UNKNOWN) else subnets):
            ranges = [] if has_unknown(entry) else entry["sourceIpRangesToNats"]
            names = [] if has_unknown(entry) else entry.get("secondaryIpRangeNames", [])
            if bool(names) != (SECONDARY in ranges):
                yield Failure(
                    f"subnetworks[{index}].secondaryIpRangeNames", f"goes with {SECONDARY}: set both, or neither"
                )

    def _check_ports(self, inputs: Properties) -> Iterator[Failure]:
        dynamic = given(inputs, "enableDynamicPortAllocation", False)
        if dynamic and inputs.get("enableEndpointIndependentMapping") is True:
            yield Failure(
                "enableEndpointIndependentMapping", "excludes enableDynamicPortAllocation: use one of the two"
            )
        if dynamic is False and inputs.get("maxPortsPerVm"):
            yield Failure("maxPortsPerVm", "is only for enableDynamicPortAllocation: remove it, or set that")
        for name in ("minPortsPerVm", "maxPortsPerVm"):
            ports = known(inputs, name)
            if dynamic and ports and (ports < 32 or ports & (ports - 1)):
                yield Failure(name, f"{ports} is no power of two from 32 on, as dynamic allocation needs: use one")

    def _refuse(self, call: Call, router: Record, inputs: Properties, path: str) -> None:
        """Raise unless addresses and subnets are free for the gateway."""
        stored = self.stored(inputs)
        tiers: set[str] = set()
        for link in stored.get("natIps", []):
            address = require(call, ADDRESS, path_of(link, "", "", ""))
            if address.region != router.region or address.outputs["addressType"] != "EXTERNAL":
                raise invalid("natIps", link, "It is no external address of the region.", "use one that is")
            refuse_use(call, address, "natIps", user=router.id)
            tiers.add(address.outputs["networkTier"])
            if any(link in o.outputs.get("natIps", []) for o in call.find(ROUTER_NAT) if o.id != path):
                raise invalid("natIps", link, "Another gateway uses it.", "give each gateway addresses of its own")
        if len(tiers) > 1:
            raise invalid("natIps", stored["natIps"], "They are of several network tiers.", "use one tier")
        self._refuse_overlap(call, router, stored, path)

    def _refuse_overlap(self, call: Call, router: Record, stored: Properties, path: str) -> None:
        network = router.outputs["network"]
        siblings = {r.id for r in call.find(ROUTER, network=network) if r.region == router.region}
        others = [nat for nat in call.find(ROUTER_NAT) if router_of(nat) in siblings and nat.id != path]
        entries = stored.get("subnetworks", [])
        if len(entries) > SUBNETS:
            raise invalid("subnetworks", len(entries), f"A gateway takes {SUBNETS}.", "spread them over several")
        for entry in entries:
            subnet = require(call, SUBNETWORK, path_of(entry["name"], "", "", ""))
            if subnet.outputs["network"] != network or subnet.region != router.region:
                raise invalid(
                    "subnetworks", subnet.id, f"It is not where {router.id} is.", "name subnets of its network"
                )
        for other in others:
            if not entries or not other.outputs.get("subnetworks"):
                raise invalid(
                    "sourceSubnetworkIpRangesToNat",
                    stored["sourceSubnetworkIpRangesToNat"],
                    f"{other.id} serves the same network and region, and one of the two serves all its subnets.",
                    "use one gateway, or LIST_OF_SUBNETWORKS in both",
                )
            shared = _shared(entries, other.outputs["subnetworks"])
            if shared:
                raise invalid("subnetworks", min(shared), f"{other.id} serves it.", "let one gateway serve a range")


def _shared(entries: list[Mapping[str, Any]], others: list[Mapping[str, Any]]) -> set[str]:
    """The subnets of which two gateways serve one and the same range."""
    found: set[str] = set()
    for entry in entries:
        for other in others:
            kinds, theirs = set(entry["sourceIpRangesToNats"]), set(other["sourceIpRangesToNats"])
            names = set(entry.get("secondaryIpRangeNames", [])) & set(other.get("secondaryIpRangeNames", []))
            if entry["name"] == other["name"] and (EVERY in kinds | theirs or PRIMARY in kinds & theirs or names):
                found.add(entry["name"])
    return found
