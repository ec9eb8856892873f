"""Reads what is sent to DigitalOcean: droplets with the firewalls that match them by id or tag.

Firewalls add up; a droplet that none matches is open in both directions. They filter inside the VPC too. A rule that
names a tag means every address of the droplets that carry it. Tags are compared without regard to case.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fleet.proofs.model import (
    EVERY_PORT,
    IPV4,
    IPV6,
    Filter,
    Interface,
    Protocol,
    Route,
    Rule,
    Span,
    merged,
    point,
    span,
    spans,
)
from fleet.proofs.reading.chosen import Chosen
from fleet.proofs.reading.resources import (
    HostFacts,
    Inputs,
    ReadingError,
    Resource,
    Resources,
    port_text,
    refuse_strangers,
)

VPC = "digitalocean:index/vpc:Vpc"
NAT_GATEWAY = "digitalocean:index/vpcNatGateway:VpcNatGateway"
DROPLET = "digitalocean:index/droplet:Droplet"
FIREWALL = "digitalocean:index/firewall:Firewall"
READ = {VPC, NAT_GATEWAY, DROPLET, FIREWALL}
HARMLESS = {
    f"digitalocean:index/{kind[0].lower()}{kind[1:]}:{kind}"
    for kind in ("Tag", "SshKey", "Volume", "VolumeAttachment", "Project", "ProjectResources")
}
PROTOCOLS: dict[str, Protocol] = {"tcp": "tcp", "udp": "udp", "icmp": "icmp"}
INPUTS = {
    VPC: {"description", "ipRange", "name", "region"},
    NAT_GATEWAY: {"name", "region", "size", "type", "vpcs"},
}
"""Inputs that are read, or that move no packet."""
LINK_LOCAL = spans(["169.254.0.0/16"])


def interfaces(
    resources: Iterable[Resource], hosts: Mapping[str, HostFacts], chosen: Chosen
) -> dict[str, tuple[Interface, ...]]:
    """The interfaces of the droplets, by name.

    Raises:
        ReadingError: When something is rendered that is not modelled.
    """
    reader = _Reader(Resources("digitalocean", resources, READ, HARMLESS), chosen)
    droplets = reader.resources.of(DROPLET)
    refuse_strangers(droplets, hosts)
    return {one.name: (reader.interface(one),) for one in droplets}


class _Reader:
    def __init__(self, resources: Resources, chosen: Chosen):
        self.resources, self.chosen = resources, chosen
        self.droplets = resources.of(DROPLET)
        for token, known in INPUTS.items():
            for one in resources.of(token):
                Inputs(one.inputs, one.urn).finish(known)

    def interface(self, droplet: Resource) -> Interface:
        inputs = Inputs(droplet.inputs, droplet.urn)
        network = self.resources.find(VPC, inputs.get("vpcUuid"))
        inside = network.inputs["ipRange"]
        is_public = inputs.get("publicNetworking", True)
        has_ipv6 = bool(inputs.get("ipv6", False))
        inputs.refuse("volumeIds", [])
        tags = {str(tag).lower() for tag in inputs.get("tags", [])}
        interface = Interface(
            network=network.urn,
            network_range=spans([inside]),
            address=point(droplet.outputs["ipv4AddressPrivate"]),
            public=self._public(droplet) if is_public else None,
            guest_owns_public=True,
            has_ipv6=has_ipv6,
            cloud=self._filter(droplet, tags),
            routes=tuple(self._routes(network, is_public=is_public, has_ipv6=has_ipv6)),
            provider_services=LINK_LOCAL,
        )
        inputs.finish(
            {
                "backups",
                "dropletAgent",
                "gracefulShutdown",
                "image",
                "monitoring",
                "name",
                "region",
                "resizeDisk",
                "size",
                "sshKeys",
                "userData",
            }
        )
        return interface

    def _public(self, droplet: Resource) -> int:
        address = droplet.outputs.get("ipv4Address")
        return point(address) if address else self.chosen.public(droplet.urn)

    def _routes(self, network: Resource, *, is_public: bool, has_ipv6: bool) -> Iterator[Route]:
        yield Route(to=span(network.inputs["ipRange"]), via="local", origin=network.urn)
        if has_ipv6:
            yield Route(to=IPV6, via="internet", origin=network.urn)
        if is_public:
            yield Route(to=IPV4, via="internet", origin=network.urn)
            return
        for gateway in self.resources.of(NAT_GATEWAY):
            for served in gateway.inputs["vpcs"]:
                if served["vpcUuid"] == network.outputs["id"] and served.get("defaultGateway"):
                    address = self.chosen.public(gateway.urn)
                    yield Route(to=IPV4, via="nat", addresses=((address, address),), origin=gateway.urn)

    def _filter(self, droplet: Resource, tags: set[str]) -> Filter | None:
        """The rules of all firewalls that match the droplet; None where none does."""
        matching = [one for one in self.resources.of(FIREWALL) if self._matches(one, droplet, tags)]
        if not matching:
            return None
        return Filter(
            incoming=tuple(rule for one in matching for rule in self._rules(one, "inboundRules", "source")),
            outgoing=tuple(rule for one in matching for rule in self._rules(one, "outboundRules", "destination")),
        )

    def _matches(self, firewall: Resource, droplet: Resource, tags: set[str]) -> bool:
        inputs = Inputs(firewall.inputs, firewall.urn)
        by_tag = tags & {str(tag).lower() for tag in inputs.get("tags", [])}
        by_id = str(droplet.outputs["id"]) in {str(one) for one in inputs.get("dropletIds", [])}
        inputs.finish({"name", "inboundRules", "outboundRules"})
        return bool(by_tag) or by_id

    def _rules(self, firewall: Resource, key: str, side: str) -> Iterator[Rule]:
        for block in Inputs(firewall.inputs, firewall.urn).blocks(key):
            name = str(block.get("protocol"))
            if name not in PROTOCOLS:
                raise ReadingError(f"{firewall.urn}: protocol {name} is not modelled by the proofs")
            text = str(block.get("portRange", ""))
            peers = merged([*spans(block.get(f"{side}Addresses", [])), *self._tagged(block.get(f"{side}Tags", []))])
            block.finish(())
            yield Rule(
                accept=True,
                protocols=frozenset({PROTOCOLS[name]}),
                peers=peers,
                ports=EVERY_PORT if name == "icmp" else port_text(text),
                origin=firewall.urn,
            )

    def _tagged(self, wanted: list[Any]) -> Iterator[Span]:
        names = {str(tag).lower() for tag in wanted}
        for droplet in self.droplets:
            carried: list[str] = droplet.inputs.get("tags") or []
            if names & {tag.lower() for tag in carried}:
                inside = point(droplet.outputs["ipv4AddressPrivate"])
                yield inside, inside
                if droplet.inputs.get("publicNetworking", True):
                    outside = self._public(droplet)
                    yield outside, outside
