"""Placement: what may be lost while a quorum still signs, and who could sign alone. Decided over rendered paths."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fleet.proofs.model import World
from fleet.proofs.wanted import Path

PROVIDER: Final = "provider "


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss after which fewer than a quorum can sign.

    Attributes:
        what: What is lost, in words.
        of_provider: Whether it is a whole cloud.
        left: The largest set of cosigners that still reach each other.
        needed: How many sign.
    """

    what: str
    of_provider: bool
    left: tuple[str, ...]
    needed: int

    def __str__(self) -> str:
        """The loss and what is left of the quorum."""
        names = ", ".join(self.left) or "nobody"
        return f"without {self.what} only {len(self.left)} of {self.needed} needed cosigners reach each other: {names}"


def broken_by_loss(world: World, paths: Sequence[Path], threshold: int) -> Iterator[Loss]:
    """Single losses (a provider, a site, a gateway) that no quorum survives; first of all, none."""
    for what, lost in losses(world):
        left = signing_without(world, paths, lost)
        if len(left) < threshold:
            yield Loss(what=what, of_provider=what.startswith(PROVIDER), left=left, needed=threshold)


def unserved_after_loss(world: World, paths: Sequence[Path], dialers: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Single losses after which no validator is left that one of its cosigners reaches: a quorum with nothing to sign."""
    for what, lost in losses(world):
        up = _joined(paths, lost)
        pairs = [frozenset((one, cosigner)) for one, cosigners in dialers.items() for cosigner in cosigners]
        if not up.intersection(pairs):
            yield f"without {what} no validator is left that its cosigners reach: blocks are missed until it is back"


def losses(world: World) -> Iterator[tuple[str, frozenset[str]]]:
    """Everything that is lost at once in one event, with the machines it takes."""
    yield "any loss", frozenset()
    clouds = [one for one in world.machines if one.provider != "baremetal"]  # a location of metal is a site below
    for provider, machines in _grouped((one.provider, one.name) for one in clouds):
        yield f"{PROVIDER}{provider}", machines
    for site, machines in _grouped((one.site, one.name) for one in world.machines):
        yield f"site {site}", machines
    for machine in world.machines:
        if machine.role == "gateway":
            yield f"gateway {machine.name}", frozenset({machine.name})


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, frozenset[str]]]:
    found: dict[str, set[str]] = {}
    for group, name in pairs:
        found.setdefault(group, set()).add(name)
    for group in sorted(found):
        yield group, frozenset(found[group])


def signing_without(world: World, paths: Sequence[Path], lost: frozenset[str]) -> tuple[str, ...]:
    """The largest set of cosigners that all reach each other when some machines are gone."""
    alive = [one.name for one in world.machines if one.role == "cosigner" and one.name not in lost]
    joined = _joined(paths, lost)
    neighbours = {one: {other for other in alive if frozenset((one, other)) in joined} for one in alive}
    return max(_cliques(frozenset(), frozenset(alive), neighbours), key=lambda one: (len(one), one), default=())


def _joined(paths: Sequence[Path], lost: frozenset[str]) -> set[frozenset[str]]:
    """The pairs that still have a tunnel when some machines are gone."""
    return {
        frozenset((path.sender, path.target)) for path in paths if not lost & {path.sender, path.target, *path.through}
    }


def _cliques(
    chosen: frozenset[str], candidates: frozenset[str], neighbours: Mapping[str, set[str]]
) -> Iterator[tuple[str, ...]]:
    """Sets of cosigners that all reach each other, none of them part of a larger one that begins alike."""
    if not candidates:
        yield tuple(sorted(chosen))
        return
    hub = max(sorted(candidates), key=lambda one: len(neighbours[one] & candidates))
    rest = candidates
    for one in sorted(candidates - neighbours[hub]):
        yield from _cliques(chosen | {one}, rest & neighbours[one], neighbours)
        rest -= {one}


def able_to_sign_alone(world: World, threshold: int) -> Iterator[str]:
    """Providers that hold a quorum of shards."""
    held = Counter(one.failure_domain for one in world.machines if one.role == "cosigner")
    for domain, count in sorted(held.items()):
        if count >= threshold:
            yield f"{domain} holds {count} shards and {threshold} sign"
