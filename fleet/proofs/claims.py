"""The claims about who reaches what, each with what it allows; decided for every packet.

What is allowed is written here by role, not taken from the flow matrix: the matrix is what the rules were made from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from fleet.proofs.model import (
    ANYWHERE,
    EVERY_PORT,
    Intent,
    Machine,
    Protocol,
    Span,
    World,
    difference_of_spans,
    written,
)
from fleet.proofs.reach import Delivery, Place, Reach
from fleet.proofs.regions import Box, Region, difference, intersection

SSH, P2P, PRIVVAL, COSIGNER, PROXY, NTP, DNS = 22, 26656, 1234, 2222, 3128, 123, 53
METADATA, DHCP = 80, 67
FRAGMENTATION_NEEDED: Final = 3 * 256 + 4
EXPORTERS: Final[Mapping[str, tuple[int, ...]]] = {
    "gateway": (9100,),
    "sentry": (9100, 26660),
    "validator": (9100, 26660),
    "cosigner": (9100, 6001),
    "monitor": (9100,),
}
PRIVATE: Final = frozenset({"validator", "cosigner", "monitor"})


@dataclass(frozen=True, kw_only=True)
class Witness:
    """One packet that must not arrive and does.

    Attributes:
        rules: The rules that let it through, in the order in which it met them.
        through: Machines that relayed it.
    """

    sender: str
    protocol: Protocol
    source: int
    source_port: int
    destination: int
    port: int
    target: str
    place: Place
    rules: tuple[str, ...]
    through: tuple[str, ...]

    def __str__(self) -> str:
        """The packet on one line."""
        if self.protocol == "icmp":
            what = f"icmp type {self.port // 256} code {self.port % 256}"
            ends = f"{written(self.source)} -> {written(self.destination)}"
        else:
            what = self.protocol
            ends = f"{written(self.source)}:{self.source_port} -> {written(self.destination)}:{self.port}"
        relayed = f" through {', '.join(self.through)}" if self.through else ""
        return f"{what} {ends} from {self.sender}{relayed} reaches {self.target} ({self.place})"


def judge(world: World, intent: Intent, claim: str, off: frozenset[str]) -> Witness | None:
    """Decides one claim with some layers switched off.

    Args:
        claim: `a`, `b`, `e`, `f` or `g`.
        off: Layers that are switched off. Then only packets count that something listens for.

    Returns:
        A packet that breaks it; None when it holds.
    """
    return next(violations(Reach(world, off), intent, claim), None)


def violations(reach: Reach, intent: Intent, claim: str) -> Iterator[Witness]:
    """All kinds of packets that break a claim, one packet for each."""
    for delivery, allowed in CLAIMS[claim](reach, intent):
        region = difference(_heard(reach, delivery), allowed)
        if region:
            yield _witness(delivery, region[0])


def _heard(reach: Reach, delivery: Delivery) -> Region:
    """With a layer off, the packets that something listens for; else all."""
    if not reach.off or delivery.target not in reach.machines:
        return delivery.region
    ears = [
        _port(one.protocol, one.port)
        for one in reach.machines[delivery.target].listeners
        if delivery.place == "mesh" or not one.inside or "namespace" in reach.off
    ]
    return intersection(delivery.region, ears)


def _witness(delivery: Delivery, box: Box) -> Witness:
    source, source_port, destination, port = box.peers[0], box.source_ports[0], delivery.destination, box.ports[0]
    if delivery.place in ("internet", "provider"):
        source, destination = 0, box.peers[0]
    if delivery.sent is not None:
        source, source_port, destination, port = delivery.sent
    return Witness(
        sender=delivery.sender,
        protocol=box.protocol,
        source=source,
        source_port=source_port,
        destination=destination,
        port=port,
        target=delivery.target,
        place=delivery.place,
        rules=tuple(dict.fromkeys(box.rules)),
        through=delivery.through,
    )


@cache
def _port(protocol: Protocol, first: int, last: int | None = None) -> Box:
    """All packets of a protocol to these ports, over IPv4 and IPv6."""
    everywhere: Span = (ANYWHERE[0][0], ANYWHERE[-1][1])
    return Box(protocol, everywhere, EVERY_PORT, (first, first if last is None else last))


NEEDED_ICMP: Final = _port("icmp", FRAGMENTATION_NEEDED)
Judged = tuple[Delivery, Iterable[Box]]


def outsiders(reach: Reach, intent: Intent) -> Iterator[Delivery]:
    """What strangers and whoever is nearby can deliver."""
    strangers = difference_of_spans(difference_of_spans(ANYWHERE, reach.own), intent.admins)
    yield from reach.from_outside("stranger", strangers)
    yield from reach.from_nearby(strangers)


def _taken(reach: Reach) -> Iterator[Delivery]:
    for name in reach.machines:
        yield from reach.from_machine(name, taken=True)


def _strangers_reach_no_private_host(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in outsiders(reach, intent):
        if reach.machines[delivery.target].role in PRIVATE:
            yield delivery, (NEEDED_ICMP,)


def _only_what_is_public(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in outsiders(reach, intent):
        role = reach.machines[delivery.target].role
        if role not in PRIVATE:
            yield delivery, (NEEDED_ICMP, *([_port("tcp", P2P)] if role == "sentry" else []))
    for delivery in reach.from_outside("admin", intent.admins):
        role = reach.machines[delivery.target].role
        if role == "gateway":
            yield delivery, (NEEDED_ICMP, _port("tcp", SSH))
        else:
            yield delivery, (NEEDED_ICMP, *([_port("tcp", P2P)] if role == "sentry" else []))


def _a_taken_machine_reaches_its_peers_alone(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in _taken(reach):
        sender, target = reach.machines[delivery.sender], reach.machines[delivery.target]
        if delivery.place == "mesh":
            yield delivery, list(_inside(sender, target, intent))
        else:
            yield delivery, list(_outside(sender, target, intent))


def _outside(sender: Machine, target: Machine, intent: Intent) -> Iterator[Box]:
    """What a taken machine may open outside the mesh."""
    yield NEEDED_ICMP
    yield _port("udp", target.port)
    if target.role == "sentry":
        yield _port("tcp", P2P)
    same_site = sender.site == target.site
    if sender.role == "gateway" and (same_site or sender.name in intent.jumps.get(target.name, ())):
        yield _port("tcp", SSH)
    if target.role == "gateway" and same_site:
        yield _port("tcp", PROXY)
        yield _port("udp", NTP)


def _inside(sender: Machine, target: Machine, intent: Intent) -> Iterator[Box]:
    """What a taken machine may open inside its tunnels."""
    roles = (sender.role, target.role)
    if roles in (("sentry", "validator"), ("validator", "sentry")):
        yield _port("tcp", P2P)
    if roles == ("cosigner", "cosigner"):
        yield _port("tcp", COSIGNER)
    if roles == ("cosigner", "validator") and sender.name in intent.dialers.get(target.name, ()):
        yield _port("tcp", PRIVVAL)
    if sender.role == "monitor":
        for port in EXPORTERS[target.role]:
            yield _port("tcp", port)


def _sealed_hosts_have_no_way_out(reach: Reach, intent: Intent) -> Iterator[Judged]:
    services = (_port("tcp", METADATA), _port("udp", NTP), _port("udp", DHCP))
    for name in sorted(intent.sealed):
        for delivery in reach.to_internet(name):
            yield delivery, ()
        for delivery in reach.to_provider(name):
            yield delivery, services


def _signing_ports_are_the_cosigners_alone(reach: Reach, intent: Intent) -> Iterator[Judged]:
    signing: dict[str, Box] = {"validator": _port("tcp", PRIVVAL), "cosigner": _port("tcp", COSIGNER)}
    for delivery in (*outsiders(reach, intent), *reach.from_outside("admin", intent.admins), *_taken(reach)):
        target = reach.machines[delivery.target]
        if target.role not in signing or _may_sign(reach, delivery.sender, target, intent):
            continue
        only = difference((_port("tcp", 0, 65535),), (signing[target.role],))
        yield delivery, (*only, *(_port(protocol, 0, 65535) for protocol in ("udp", "icmp", "other")))


def _may_sign(reach: Reach, sender: str, target: Machine, intent: Intent) -> bool:
    if sender not in reach.machines or reach.machines[sender].role != "cosigner":
        return False
    return target.role == "cosigner" or sender in intent.dialers.get(target.name, ())


CLAIMS: Final[Mapping[str, Callable[[Reach, Intent], Iterator[Judged]]]] = {
    "a": _strangers_reach_no_private_host,
    "b": _only_what_is_public,
    "e": _a_taken_machine_reaches_its_peers_alone,
    "f": _sealed_hosts_have_no_way_out,
    "g": _signing_ports_are_the_cosigners_alone,
}
