"""Two layers or it does not count: what still holds when any one layer is gone, and what only one layer can stop.

Where a second layer cannot exist, that is said here and listed with every result. Anything else that a single layer
stops fails the proof.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fleet.discovery import PROVIDERS
from fleet.proofs.claims import NTP, PROXY, SSH, Witness, breaking, port_box, witness_of
from fleet.proofs.model import Intent, Machine, Protocol, World
from fleet.proofs.reach import LAYERS, Delivery, Layer, Reach
from fleet.proofs.regions import EVERYTHING, Region, difference, intersection

CLAIMS_IN_DEPTH: Final = ("a", "b", "e", "f", "g")
LAYER_NAMES: Final = {
    "cloud": "cloud firewalls",
    "host": "host firewalls",
    "addressing": "private addressing",
    "namespace": "the mesh namespace",
}


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A packet that one layer alone stops.

    Attributes:
        off: The layer that stops it, switched off here.
        excuse: Why there is no second one; empty where there should be.
    """

    claim: str
    off: str
    witness: Witness
    excuse: str


def without_each(world: World, whole: Reach) -> dict[Layer, Reach]:
    """The world with each layer switched off alone.

    Args:
        whole: The same world with every layer in force.
    """
    # The namespace changes what listens, not what arrives.
    return {layer: Reach(world, frozenset({layer}), like=whole if layer == "namespace" else None) for layer in LAYERS}


def breaches(without: Mapping[Layer, Reach], intent: Intent) -> Iterator[Breach]:
    """All kinds of packets that break a claim when one layer is switched off."""
    for layer, reach in without.items():
        for claim in CLAIMS_IN_DEPTH:
            for delivery, region in breaking(reach, intent, claim):
                reason, alone = _alone(reach, layer, delivery)
                rest = difference(region, alone)
                if rest:
                    yield Breach(claim=claim, off=layer, witness=witness_of(delivery, rest[0]), excuse="")
                held = intersection(region, alone)
                if held:
                    yield Breach(claim=claim, off=layer, witness=witness_of(delivery, held[0]), excuse=reason)


def _alone(reach: Reach, layer: str, delivery: Delivery) -> tuple[str, Region]:
    """The packets of a delivery that no second layer can stop, with the reason."""
    if layer == "host" and delivery.place == "mesh":
        return (
            "inside a tunnel no cloud firewall looks: which port a peer may open is the host's own filter alone",
            EVERYTHING,
        )
    if layer == "host" and delivery.place == "provider":
        return (
            "no cloud firewall filters the provider's own addresses (metadata, time, names): the host alone does",
            EVERYTHING,
        )
    if delivery.place != "interface":
        return "", ()
    target = reach.machines[delivery.target]
    if layer == "host" and target.provider == "baremetal":
        return (
            "no cloud firewall stands before metal: its host filter, and keys and certificates behind it, stand alone",
            EVERYTHING,
        )
    facts = PROVIDERS.get(target.provider)
    if layer == "cloud" and facts is not None and facts.chooses_private_addresses and not delivery.through:
        reason = (
            f"{facts.title} chooses private addresses, so there hosts admit the network's range, and the cloud firewall, "
            "which filters inside the network too, narrows it alone"
        )
        return reason, _from_own_network(target)
    return "", ()


def _from_own_network(target: Machine) -> Region:
    """What a host admits from the range of its network, since it cannot name addresses there."""
    own: tuple[tuple[Protocol, int], ...] = (("tcp", SSH),)
    if target.role == "gateway":
        own = (("tcp", PROXY), ("udp", NTP))
    admitted: tuple[tuple[Protocol, int], ...] = (("udp", target.port), *own)
    return tuple(
        port_box(protocol, port)._replace(peers=span)
        for protocol, port in admitted
        for interface in target.interfaces
        for span in interface.network_range
    )
