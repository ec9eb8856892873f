"""Reads what is sent to toycloud: machines, each with its own firewall."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from fleet.proofs.model import EVERY_PORT, IPV4, Filter, Interface, Protocol, Route, Rule, point, span, spans
from fleet.proofs.reading.chosen import Chosen
from fleet.proofs.reading.resources import HostFacts, Inputs, ReadingError, Resource, Resources

NETWORK = "toycloud:index/network:Network"
ADDRESS = "toycloud:index/address:Address"
MACHINE = "toycloud:index/machine:Machine"
PROTOCOLS: dict[str, Protocol] = {"tcp": "tcp", "udp": "udp", "icmp": "icmp"}


def interfaces(
    resources: Iterable[Resource], hosts: Mapping[str, HostFacts], chosen: Chosen
) -> dict[str, tuple[Interface, ...]]:
    """The interfaces of the machines, by name.

    Raises:
        ReadingError: When something is rendered that is not modelled.
    """
    found = Resources("toycloud", resources, {NETWORK, MACHINE}, {ADDRESS})
    strangers = [one.urn for one in found.of(MACHINE) if one.name not in hosts]
    if strangers:
        raise ReadingError(f"{strangers[0]}: is no host of the plan")
    return {one.name: (_interface(found, one),) for one in found.of(MACHINE)}


def _interface(resources: Resources, machine: Resource) -> Interface:
    inputs = Inputs(machine.inputs, machine.urn)
    network = resources.find(NETWORK, inputs.get("network"))
    public = inputs.get("publicAddress")
    rules = inputs.blocks("rules")
    interface = Interface(
        network=network.urn,
        network_range=spans([network.inputs["range"]]),
        address=point(inputs.get("privateAddress")),
        public=None if public is None else point(public),
        guest_owns_public=True,
        has_ipv6=False,
        cloud=Filter(
            incoming=tuple(_rules(rules, "ingress", machine.urn)), outgoing=tuple(_rules(rules, "egress", machine.urn))
        ),
        routes=(
            Route(to=span(network.inputs["range"]), via="local", origin=network.urn),
            *([Route(to=IPV4, via="internet", origin=network.urn)] if public else []),
        ),
        provider_services=spans(["169.254.0.0/16"]),
    )
    inputs.finish({"name", "type", "userData"})
    return interface


def _rules(blocks: list[Inputs], direction: Literal["ingress", "egress"], origin: str) -> Iterator[Rule]:
    for block in blocks:
        protocol = PROTOCOLS[block.get("protocol")]
        first, last = (int(port) for port in block.get("ports"))
        peers = spans(block.get("peers"))
        if block.get("direction") == direction:
            ports = EVERY_PORT if protocol == "icmp" else (first, last)
            yield Rule(accept=True, protocols=frozenset({protocol}), peers=peers, ports=ports, origin=origin)
        block.finish(())
