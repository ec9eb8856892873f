"""The URNs that released fleets have, and which of them the program no longer knows.

`kept_urns.txt` only grows: `python -m tests.support.kept_urns` adds what the sample fleets have today and takes nothing
away, so that an old URN is not forgotten with the next golden file. Rules of firewalls are left out: their names follow
the flow matrix, and one that goes costs nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from components.moved import Move, Place, former_places
from tests.support import digitalocean
from tests.support.mocked import Recording, recorded

FILE: Final = Path(__file__).with_name("kept_urns.txt")
RULES: Final = frozenset(
    {
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "gcp:compute/firewall:Firewall",
    }
)
FLEETS: Final[Mapping[str, Callable[[], Recording]]] = {
    "testnet": lambda: recorded("testnet"),
    "mainnet": lambda: recorded("mainnet"),
    "digitalocean": digitalocean.recorded,
}
"""The fleets of the golden files, by the file's name."""


def place(urn: str) -> Place:
    """Where the resource with this URN is, without its stack and project."""
    types, _, name = urn.split("::", 2)[2].partition("::")
    return Place(types, name)


def known(recording: Recording, moves: tuple[Move, ...]) -> dict[Place, Place]:
    """What the program takes over: each place that a resource of it has or had, with where the resource is now."""
    formers: dict[str, tuple[Place, ...]] = {}
    found: dict[Place, Place] = {}
    for one in recording.resources:
        now = place(one.urn)
        formers[one.urn] = former_places(moves, now, formers.get(one.parent, ()))
        found |= dict.fromkeys((now, *formers[one.urn]), now)
    return found


def lost(before: Iterable[Place], recording: Recording, moves: tuple[Move, ...]) -> list[Place]:
    """The places that were, and that no resource has or had."""
    return sorted(set(before) - known(recording, moves).keys())


def kept(recording: Recording) -> list[Place]:
    """The places whose loss is a replacement or worse."""
    return sorted(place(one.urn) for one in recording.resources if one.type not in RULES)


def read() -> dict[str, list[Place]]:
    """The file: the places of each fleet."""
    found: dict[str, list[Place]] = {fleet: [] for fleet in FLEETS}
    for line in FILE.read_text().splitlines():
        if not line.startswith("#"):
            fleet, types, name = line.split(" ")
            found[fleet].append(Place(types, name))
    return found


def render(places: Mapping[str, Iterable[Place]]) -> str:
    """The file's content."""
    head = "# What fleets of the releases have: `python -m tests.support.kept_urns` adds, nothing removes (docs/upgrading.md)\n"
    lines = [f"{fleet} {one.types} {one.name}" for fleet in FLEETS for one in sorted(set(places[fleet]))]
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    old = read() if FILE.exists() else {fleet: [] for fleet in FLEETS}
    FILE.write_text(render({fleet: [*old[fleet], *kept(run())] for fleet, run in FLEETS.items()}))
