"""Reads what is sent to GCP: interfaces with the VPC firewall rules, routes and NAT that apply to them.

Rules are asked by priority, at one priority those that deny first; below all stand the implied ones, which deny what
comes in and allow what goes out. A rule applies to the instances that its target tags or service accounts name, to all
of the network where it names none. Routes belong to the network and may be limited by tags. Metadata and its resolver
are reached past every rule (VPC firewall rules overview). ICMP types cannot be told apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fleet.proofs.model import (
    EVERY_PORT,
    IPV4,
    Filter,
    Interface,
    Protocol,
    Route,
    Rule,
    Span,
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
    port_text,
    refuse_strangers,
)

NETWORK = "gcp:compute/network:Network"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
ROUTE = "gcp:compute/route:Route"
ROUTER = "gcp:compute/router:Router"
NAT = "gcp:compute/routerNat:RouterNat"
FIREWALL = "gcp:compute/firewall:Firewall"
ADDRESS = "gcp:compute/address:Address"
INSTANCE = "gcp:compute/instance:Instance"
READ = {NETWORK, SUBNETWORK, ROUTE, ROUTER, NAT, FIREWALL, ADDRESS, INSTANCE}
HARMLESS = {
    "gcp:compute/attachedDisk:AttachedDisk",
    "gcp:compute/disk:Disk",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    "gcp:kms/keyRing:KeyRing",
    "gcp:serviceaccount/account:Account",
}
NAMES = {"name", "description", "project", "region", "labels"}
INPUTS = {
    NETWORK: {
        *NAMES,
        "autoCreateSubnetworks",
        "deleteDefaultRoutesOnCreate",
        "enableUlaInternalIpv6",
        "mtu",
        "routingMode",
    },
    SUBNETWORK: {*NAMES, "ipCidrRange", "logConfig", "network", "privateIpGoogleAccess", "stackType"},
    ROUTER: {*NAMES, "network"},
    NAT: {
        *NAMES,
        "logConfig",
        "natIpAllocateOption",
        "natIps",
        "router",
        "sourceSubnetworkIpRangesToNat",
        "subnetworks",
    },
    ADDRESS: {*NAMES, "address", "addressType", "networkTier", "purpose", "subnetwork"},
}
"""Inputs that are read, or that move no packet."""
LINK_LOCAL = spans(["169.254.0.0/16"])
DEFAULT_PRIORITY = 1000
INTERNET_GATEWAY = "default-internet-gateway"
SERVED = {"ALL_SUBNETWORKS_ALL_IP_RANGES", "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"}


def interfaces(
    resources: Iterable[Resource], hosts: Mapping[str, HostFacts], chosen: Chosen
) -> dict[str, tuple[Interface, ...]]:
    """The interfaces of the hosts on GCP, by name.

    Raises:
        ReadingError: When something is rendered that is not modelled.
    """
    reader = _Reader(Resources("gcp", resources, READ, HARMLESS), chosen)
    instances = reader.resources.of(INSTANCE)
    refuse_strangers(instances, hosts)
    return {one.name: reader.interfaces(one) for one in instances}


class _Reader:
    def __init__(self, resources: Resources, chosen: Chosen):
        self.resources, self.chosen = resources, chosen
        for token, known in INPUTS.items():
            for one in resources.of(token):
                Inputs(one.inputs, one.urn).finish(known)

    def interfaces(self, instance: Resource) -> tuple[Interface, ...]:
        inputs = Inputs(instance.inputs, instance.urn)
        inputs.refuse("canIpForward", False)
        found = tuple(self._interface(instance, block) for block in inputs.blocks("networkInterfaces"))
        inputs.finish(
            {
                "allowStoppingForUpdate",
                "bootDisk",
                "deletionProtection",
                "deletionPolicy",
                "description",
                "hostname",
                "labels",
                "machineType",
                "metadata",
                "name",
                "project",
                "scheduling",
                "serviceAccount",
                "shieldedInstanceConfig",
                "tags",
                "zone",
            }
        )
        return found

    def _interface(self, instance: Resource, block: Inputs) -> Interface:
        subnet = self.resources.find(SUBNETWORK, block.get("subnetwork"))
        network = self.resources.find(NETWORK, subnet.inputs["network"])
        for name in ("aliasIpRanges", "internalIpv6PrefixLength", "networkAttachment", "securityPolicy", "nicType"):
            block.refuse(name, [])
        families = {block.get("stackType", "IPV4_ONLY"), subnet.inputs.get("stackType") or "IPV4_ONLY"}
        public = self._public(instance, block)
        outside_ipv6 = block.get("ipv6AccessConfigs")
        block.get("network")
        interface = Interface(
            network=network.urn,
            network_range=merged(self._ranges(network)),
            address=point(block.get("networkIp")),
            public=public,
            guest_owns_public=False,
            has_ipv6=families != {"IPV4_ONLY"} or bool(outside_ipv6),
            cloud=self._filter(instance, network),
            routes=tuple(self._routes(instance, network, subnet, is_public=public is not None)),
            provider_services=LINK_LOCAL,
            reaches_provider=bool(subnet.inputs.get("privateIpGoogleAccess", False)),
        )
        block.finish({"subnetworkProject"})
        return interface

    def _public(self, instance: Resource, block: Inputs) -> int | None:
        for config in block.blocks("accessConfigs"):
            address = config.get("natIp")
            config.finish({"networkTier"})
            return point(address) if address else self.chosen.public(instance.urn)
        return None

    def _ranges(self, network: Resource) -> Iterator[Span]:
        for subnet in self.resources.of(SUBNETWORK):
            if self.resources.find(NETWORK, subnet.inputs["network"]) is network:
                yield span(subnet.inputs["ipCidrRange"])

    def _filter(self, instance: Resource, network: Resource) -> Filter:
        """The rules in the order in which they are asked, above the implied ones."""
        found: dict[str, list[tuple[int, bool, Rule]]] = {"INGRESS": [], "EGRESS": []}
        for firewall in self.resources.of(FIREWALL):
            inputs = Inputs(firewall.inputs, firewall.urn)
            of_network = self.resources.find(NETWORK, inputs.get("network")) is network
            concerned = _named(instance, inputs.get("targetTags", []), inputs.get("targetServiceAccounts", []))
            for_all = not inputs.get("targetTags") and not inputs.get("targetServiceAccounts")
            rules = list(self._rules(firewall, inputs))
            inputs.finish({*NAMES, "logConfig", "enableLogging"})
            if of_network and (concerned or for_all):
                found[inputs.get("direction", "INGRESS")] += rules
        for rules in found.values():
            rules.sort(key=lambda one: (one[0], one[1]))
        return Filter(
            incoming=tuple(rule for *_, rule in found["INGRESS"]),
            outgoing=tuple(rule for *_, rule in found["EGRESS"]),
            accepts_outgoing=True,
        )

    def _rules(self, firewall: Resource, inputs: Inputs) -> Iterator[tuple[int, bool, Rule]]:
        """A resource's rules with their priority and whether they allow."""
        if inputs.get("disabled", False):
            inputs.read.update({"allows", "denies", "priority", "sourceRanges", "destinationRanges"})
            inputs.read.update({"sourceTags", "sourceServiceAccounts", "direction"})
            return
        outward = inputs.get("direction", "INGRESS") == "EGRESS"
        sources = self._sources(inputs)
        destinations = spans(inputs.get("destinationRanges", ["0.0.0.0/0", "::/0"]))
        for key in ("allows", "denies"):
            for block in inputs.blocks(key):
                name = str(block.get("protocol")).lower()
                texts = block.get("ports", [])
                block.finish(())
                for ports in [port_text(str(text)) for text in texts] or [EVERY_PORT]:
                    rule = Rule(
                        accept=key == "allows",
                        protocols=_protocols(name, firewall.urn),
                        peers=destinations if outward else sources,
                        own=sources if outward else destinations,
                        ports=ports,
                        origin=firewall.urn,
                    )
                    yield int(inputs.get("priority", DEFAULT_PRIORITY)), key == "allows", rule

    def _sources(self, inputs: Inputs) -> Spans:
        """Where a rule's packets come from: ranges, and the instances that a tag or service account names."""
        ranges, tags = inputs.get("sourceRanges", []), inputs.get("sourceTags", [])
        accounts = inputs.get("sourceServiceAccounts", [])
        if not ranges and not tags and not accounts:
            return spans(["0.0.0.0/0", "::/0"])
        members = [one for one in self.resources.of(INSTANCE) if _named(one, tags, accounts)]
        inside = [point(block["networkIp"]) for one in members for block in one.inputs["networkInterfaces"]]
        return merged([*spans(ranges), *((one, one) for one in inside)])

    def _routes(self, instance: Resource, network: Resource, subnet: Resource, *, is_public: bool) -> Iterator[Route]:
        for one in self._ranges(network):
            yield Route(to=one, via="local", origin=network.urn)
        if not network.inputs.get("deleteDefaultRoutesOnCreate", False):
            yield from self._outside(IPV4, subnet, network.urn, is_public=is_public)
        for route in self.resources.of(ROUTE):
            inputs = Inputs(route.inputs, route.urn)
            if not str(inputs.get("nextHopGateway", "")).endswith(INTERNET_GATEWAY):
                raise ReadingError(f"{route.urn}: its next hop is not modelled by the proofs")
            to, tags = span(inputs.get("destRange")), inputs.get("tags", [])
            inputs.finish({*NAMES, "network", "priority"})
            of_network = self.resources.find(NETWORK, inputs.get("network")) is network
            if of_network and (not tags or _named(instance, tags, [])):
                yield from self._outside(to, subnet, route.urn, is_public=is_public)

    def _outside(self, to: Span, subnet: Resource, origin: str, *, is_public: bool) -> Iterator[Route]:
        """A route to the Internet gateway: for public interfaces as it is, for others through NAT.

        Without NAT it leads a private interface nowhere; it stands in the model, since one external address would do.
        """
        if is_public:
            yield Route(to=to, via="internet", origin=origin)
            return
        served = False
        for nat in self.resources.of(NAT):
            inputs = Inputs(nat.inputs, nat.urn)
            kind, listed = inputs.get("sourceSubnetworkIpRangesToNat"), inputs.get("subnetworks", [])
            router = self.resources.find(ROUTER, inputs.get("router"))
            here = self.resources.find(NETWORK, router.inputs["network"]) is self.resources.find(
                NETWORK, subnet.inputs["network"]
            )
            names = {self.resources.find(SUBNETWORK, one["name"]).urn for one in listed}
            if here and (kind in SERVED or subnet.urn in names):
                served = True
                yield Route(to=to, via="nat", addresses=self._nat_addresses(nat), origin=nat.urn)
        if not served:
            yield Route(to=to, via="internet", origin=origin)
        if subnet.inputs.get("privateIpGoogleAccess", False):
            address = self.chosen.public(subnet.urn)
            yield Route(to=to, via="nat", addresses=((address, address),), origin=f"{subnet.urn} privateIpGoogleAccess")

    def _nat_addresses(self, nat: Resource) -> Spans:
        named: list[str] = nat.inputs.get("natIps") or []
        found = [self.resources.find(ADDRESS, one).outputs["address"] for one in named]
        if found:
            return spans(found)
        address = self.chosen.public(nat.urn)
        return ((address, address),)


def _named(instance: Resource, tags: Iterable[str], accounts: Iterable[str]) -> bool:
    """Whether one of the tags or service accounts is the instance's."""
    account: Mapping[str, Any] = instance.inputs.get("serviceAccount") or {}
    return bool(set(tags) & set(instance.inputs.get("tags") or [])) or account.get("email") in set(accounts)


def _protocols(name: str, where: str) -> frozenset[Protocol]:
    found: dict[str, frozenset[Protocol]] = {
        "all": ALL_PROTOCOLS,
        "tcp": frozenset({"tcp"}),
        "udp": frozenset({"udp"}),
        "icmp": frozenset({"icmp"}),
    }
    if name not in found:
        raise ReadingError(f"{where}: protocol {name} is not modelled by the proofs")
    return found[name]
