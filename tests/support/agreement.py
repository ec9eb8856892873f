"""Sets the prover of the network and the packet walker against each other, on one small random fleet at a time.

`python -m tests.support.agreement FIRST LAST` prints the disagreements of a range of seeds.
"""

import sys
from collections.abc import Iterator
from random import Random
from typing import Final

from fleet.proofs.claims import Witness, judge
from fleet.proofs.model import Intent, World, written
from fleet.proofs.reading.world import read_world
from tests.support.small_fleets import small_fleet
from tests.support.walker import LAYERS, NOTHING_OFF, OUTSIDERS, Packet, walk
from tests.support.walker_claims import CLAIMS, counted, counterexample, forbidden
from tests.support.walker_search import may_send

CASES: Final = (NOTHING_OFF, *(frozenset({layer}) for layer in LAYERS))


def disagreement(seed: int) -> str | None:
    """What prover and walker say differently about the fleet of a seed; None when they agree on every claim."""
    return next(disagreements(seed), None)


def disagreements(seed: int) -> Iterator[str]:
    """All of them, one for each claim and layer."""
    fleet = small_fleet(Random(seed))
    world = read_world(fleet.resources, fleet.hosts, fleet.files)
    for off in CASES:
        for claim in CLAIMS:
            wrong = _compared(world, fleet.intent, claim, off)
            if wrong is not None:
                yield f"seed {seed}, claim {claim}, without {', '.join(off) or 'nothing'}: {wrong}"


def _compared(world: World, intent: Intent, claim: str, off: frozenset[str]) -> str | None:
    walked, proved = counterexample(world, intent, claim, off), judge(world, intent, claim, off)
    if proved is None:
        return (
            None if walked is None else f"the walker gets through and the prover does not: {_told(world, walked, off)}"
        )
    packet = witnessed(proved, claim)
    where = f"{proved.target} ({proved.place})"
    ends = [one for one in walk(world, packet, off) if (one.target, one.place) == (proved.target, proved.place)]
    if not may_send(world, intent, packet):
        return f"nobody sends the prover's packet to {where}: {_told(world, packet, off)}"
    if not ends:
        return f"the prover's packet does not end at {where}: {_told(world, packet, off)}"
    if not any(counted(world, one, claim, off) and forbidden(world, intent, packet, one, claim) for one in ends):
        return f"the prover's packet to {where} is none that the claim forbids: {_told(world, packet, off)}"
    return None if walked is not None else f"the walker did not find the prover's packet: {_told(world, packet, off)}"


def witnessed(witness: Witness, claim: str) -> Packet:
    """The packet of a witness. A machine is taken but in the claim about sealed hosts, which are honest there.

    Those have no choice of a source, and the witness names none that means anything.
    """
    return Packet(
        sender=witness.sender,
        taken=witness.sender not in OUTSIDERS and claim != "f",
        protocol=witness.protocol,
        source=None if claim == "f" else witness.source,
        source_port=witness.source_port,
        destination=witness.destination,
        port=witness.port,
    )


def _told(world: World, packet: Packet, off: frozenset[str]) -> str:
    source = "its own address" if packet.source is None else written(packet.source)
    ends = ", ".join(f"{one.target} {one.place} {one.port}" for one in walk(world, packet, off)) or "nowhere"
    return (
        f"{packet.sender}: {packet.protocol} {source}:{packet.source_port} -> "
        f"{written(packet.destination)}:{packet.port} ends at {ends}"
    )


if __name__ == "__main__":
    for each in range(int(sys.argv[1]), int(sys.argv[2])):
        for line in disagreements(each):
            print(line)
