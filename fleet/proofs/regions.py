"""Sets of packets as boxes, and what a filter lets through as such a set.

A box spans one protocol, the peer's addresses, source ports and destination ports. Exact: intersections and differences
are boxes again, so a set is empty or it is not, and one that is not has a packet to show.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fleet.proofs.model import ANYWHERE, EVERY_PORT, PROTOCOLS, Protocol, Rule, Span, Spans


class Box(NamedTuple):
    """Packets of one protocol whose three numbers lie in these ranges.

    Attributes:
        rules: Origins of the rules that let it through, outermost first.
    """

    protocol: Protocol
    peers: Span
    source_ports: Span
    ports: Span
    rules: tuple[str, ...] = ()

    def meets(self, other: "Box") -> "Box | None":
        """What both hold, with the rules of both."""
        if self.protocol != other.protocol:
            return None
        # Most pairs of boxes share nothing, so the comparisons that tell come before anything is made.
        (low, high), (first, last) = self.peers, other.peers
        if low > last or first > high:
            return None
        (from_low, from_high), (from_first, from_last) = self.source_ports, other.source_ports
        if from_low > from_last or from_first > from_high:
            return None
        (to_low, to_high), (to_first, to_last) = self.ports, other.ports
        if to_low > to_last or to_first > to_high:
            return None
        return Box(
            self.protocol,
            (max(first, low), min(last, high)),
            (max(from_first, from_low), min(from_last, from_high)),
            (max(to_first, to_low), min(to_last, to_high)),
            self.rules + other.rules,
        )

    def without(self, other: "Box") -> Iterator["Box"]:
        """What of it the other does not hold, in at most six boxes."""
        shared = self.meets(other)
        if shared is None:
            yield self
            return
        for low, high in _beside(self.peers, shared.peers):
            yield Box(self.protocol, (low, high), self.source_ports, self.ports, self.rules)
        for low, high in _beside(self.source_ports, shared.source_ports):
            yield Box(self.protocol, shared.peers, (low, high), self.ports, self.rules)
        for low, high in _beside(self.ports, shared.ports):
            yield Box(self.protocol, shared.peers, shared.source_ports, (low, high), self.rules)


Region = tuple[Box, ...]
EVERYTHING: Region = tuple(Box(protocol, peers, EVERY_PORT, EVERY_PORT) for protocol in PROTOCOLS for peers in ANYWHERE)


def _beside(whole: Span, part: Span) -> Iterator[Span]:
    if whole[0] < part[0]:
        yield whole[0], part[0] - 1
    if part[1] < whole[1]:
        yield part[1] + 1, whole[1]


def intersection(one: Iterable[Box], other: Sequence[Box]) -> Region:
    """The packets that are in both."""
    if not other:
        return ()
    by_protocol: dict[Protocol, list[Box]] = {}
    for box in other:
        by_protocol.setdefault(box.protocol, []).append(box)
    return tuple(shared for a in one for b in by_protocol.get(a.protocol, ()) if (shared := a.meets(b)) is not None)


def difference(region: Iterable[Box], *taken: Iterable[Box]) -> Region:
    """The packets of a region that are in none of the others."""
    rest = list(region)
    for other in taken:
        for box in other:
            if any(one.meets(box) is not None for one in rest):
                rest = [piece for one in rest for piece in one.without(box)]
    return tuple(rest)


def seen_as(region: Iterable[Box], peers: Spans) -> Region:
    """The packets of a region whose peer is one of these addresses."""
    return tuple(
        Box(box.protocol, (max(box.peers[0], low), min(box.peers[1], high)), box.source_ports, box.ports, box.rules)
        for box in region
        for low, high in peers
        if box.peers[0] <= high and low <= box.peers[1]
    )


class Indexed:
    """A region that is asked about one address after another: most of its boxes have a single peer."""

    def __init__(self, region: Region):
        self.region = region
        self._single: dict[int, list[Box]] = {}
        self._wide: list[Box] = []
        for box in region:
            if box.peers[0] == box.peers[1]:
                self._single.setdefault(box.peers[0], []).append(box)
            else:
                self._wide.append(box)

    def seen_as(self, peers: Spans) -> Region:
        """As the function of that name."""
        if len(peers) != 1 or peers[0][0] != peers[0][1]:
            return seen_as(self.region, peers)
        return (*self._single.get(peers[0][0], ()), *seen_as(self._wide, peers))


def as_peers(region: Iterable[Box], peers: Span) -> Region:
    """The same packets with another peer: what one end sends, as the other end sees it."""
    return tuple(Box(box.protocol, peers, box.source_ports, box.ports, box.rules) for box in region)


def accepted(rules: Sequence[Rule], own: int | None, *, otherwise: bool) -> Region:
    """What a list of rules lets through, the first match deciding.

    Args:
        own: The host's own address in these packets; None for any.
        otherwise: Whether packets that no rule matches are let through.
    """
    found: list[Box] = []
    denied: list[Box] = []
    for rule in rules:
        if own is not None and not any(low <= own <= high for low, high in rule.own):
            continue
        boxes = [
            Box(protocol, peers, rule.source_ports, rule.ports, (rule.origin,))
            for protocol in PROTOCOLS
            if protocol in rule.protocols
            for peers in rule.peers
        ]
        if rule.accept:
            found += difference(boxes, denied)
        else:
            denied += boxes
    if otherwise:
        found += difference(EVERYTHING, denied)
    return tuple(found)
