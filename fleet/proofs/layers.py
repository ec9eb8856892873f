"""Two layers or it does not count: what still holds when any one layer is gone, and what only one layer can stop.

Where a second layer cannot exist, that is said here and listed with every result. Anything else that a single layer
stops fails the proof.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fleet.discovery import PROVIDERS
from fleet.proofs.claims import Witness, violations
from fleet.proofs.model import Intent, World
from fleet.proofs.reach import LAYERS, Reach

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


def breaches(world: World, intent: Intent, whole: Reach) -> Iterator[Breach]:
    """All kinds of packets that break a claim when one layer is switched off.

    Args:
        whole: The same world with every layer in force.
    """
    for layer in LAYERS:
        # The namespace changes what listens, not what arrives.
        reach = Reach(world, frozenset({layer}), like=whole if layer == "namespace" else None)
        for claim in CLAIMS_IN_DEPTH:
            for witness in violations(reach, intent, claim):
                yield Breach(claim=claim, off=layer, witness=witness, excuse=_excuse(world, layer, witness))


def _excuse(world: World, layer: str, witness: Witness) -> str:
    """Why no second layer can stop a packet; empty where one can."""
    if layer == "host" and witness.place == "mesh":
        return "inside a tunnel no cloud firewall looks: which port a peer may open is the host's own filter alone"
    if layer == "host" and witness.place == "provider":
        return "no cloud firewall filters the provider's own addresses (metadata, time, names): the host alone does"
    if witness.place != "interface":
        return ""
    provider = world.machine(witness.target).provider
    if layer == "host" and provider == "baremetal":
        return (
            "no cloud firewall stands before metal: its host filter, and keys and certificates behind it, stand alone"
        )
    facts = PROVIDERS.get(provider)
    if layer == "cloud" and facts is not None and facts.chooses_private_addresses and not witness.through:
        return (
            f"{facts.title} chooses private addresses, so there hosts admit the network's range, and the cloud firewall, "
            "which filters inside the network too, narrows it alone"
        )
    return ""
