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
from fleet.proofs.regions import EVERYTHING, Box, Region, difference, intersection

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
        source: Its source address; None for the sender's own, whichever it is.
        rules: The rules that let it through, in the order in which it met them.
        through: Machines that relayed it.
    """

    sender: str
    protocol: Protocol
    source: int | None
    source_port: int
    destination: int
    port: int
    target: str
    place: Place
    rules: tuple[str, ...]
    through: tuple[str, ...]

    def __str__(self) -> str:
        """The packet on one line."""
        source = "its own address" if self.source is None else written(self.source)
        if self.protocol == "icmp":
            what = f"icmp type {self.port // 256} code {self.port % 256}"
            ends = f"{source} -> {written(self.destination)}"
        else:
            what = self.protocol
            ends = f"{source}:{self.source_port} -> {written(self.destination)}:{self.port}"
        relayed = f" through {', '.join(self.through)}" if self.through else ""
        return f"{what} {ends} from {self.sender}{relayed} reaches {self.target} ({self.place})"


def judge(world: World, intent: Intent, claim: str, off: frozenset[str]) -> Witness | None:
    """Decides one claim with some layers switched off.

    Args:
        claim: `a`, `b`, `e`, `f` or `g`.
        off: Layers that are switched off. Without host firewalls ICMP does not count, which not every cloud firewall
            tells apart by type, and for `e` and `g` only packets count that something listens for: rules of groups are
            wider than those of hosts (fleet/cloudrules.py).

    Returns:
        A packet that breaks it; None when it holds.
    """
    return next(violations(Reach(world, off), intent, claim), None)


def violations(reach: Reach, intent: Intent, claim: str) -> Iterator[Witness]:
    """All kinds of packets that break a claim, one packet for each."""
    for delivery, region in breaking(reach, intent, claim):
        yield witness_of(delivery, region[0])


def breaking(reach: Reach, intent: Intent, claim: str) -> Iterator[tuple[Delivery, Region]]:
    """All packets that break a claim."""
    for delivery, allowed in CLAIMS[claim](reach, intent):
        region = difference(_counted(reach, claim, delivery), allowed)
        if region:
            yield delivery, region


def _counted(reach: Reach, claim: str, delivery: Delivery) -> Region:
    """The packets that a claim is about: without host firewalls, fewer."""
    if "host" not in reach.off or delivery.target not in reach.machines:
        return delivery.region
    if claim not in ("e", "g"):
        return tuple(box for box in delivery.region if box.protocol != "icmp")
    ears = [
        port_box(one.protocol, one.port)
        for one in reach.machines[delivery.target].listeners
        if delivery.place == "mesh" or not one.inside or "namespace" in reach.off
    ]
    return intersection(delivery.region, ears)


def witness_of(delivery: Delivery, box: Box) -> Witness:
    """One packet of a box that is delivered."""
    source, source_port, destination, port = box.peers[0], box.source_ports[0], delivery.destination, box.ports[0]
    if delivery.place in ("internet", "provider"):
        source, destination = None, box.peers[0]
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
def port_box(protocol: Protocol, first: int, last: int | None = None) -> Box:
    """All packets of a protocol to these ports, over IPv4 and IPv6."""
    everywhere: Span = (ANYWHERE[0][0], ANYWHERE[-1][1])
    return Box(protocol, everywhere, EVERY_PORT, (first, first if last is None else last))


NEEDED_ICMP: Final = port_box("icmp", FRAGMENTATION_NEEDED)
ALL_BUT_NAMES: Final = difference(EVERYTHING, (port_box("tcp", DNS), port_box("udp", DNS)))
Judged = tuple[Delivery, Iterable[Box]]


def outsiders(reach: Reach, intent: Intent) -> Iterator[Delivery]:
    """What strangers and whoever is nearby can deliver to the fleet."""
    others = difference_of_spans(ANYWHERE, reach.own)
    strangers = difference_of_spans(others, intent.admins)
    for delivery in (*reach.from_outside("stranger", strangers), *reach.from_nearby(others)):
        if delivery.target in reach.machines:
            yield delivery


def _taken(reach: Reach) -> Iterator[Delivery]:
    for name in reach.machines:
        yield from (one for one in reach.from_machine(name, taken=True) if one.target in reach.machines)


def _strangers_reach_no_private_host(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in outsiders(reach, intent):
        if reach.machines[delivery.target].role in PRIVATE:
            yield delivery, (NEEDED_ICMP,)


def _only_what_is_public(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in outsiders(reach, intent):
        role = reach.machines[delivery.target].role
        if role == "gateway" and delivery.sender == "nearby":
            yield delivery, (NEEDED_ICMP, *(Box("tcp", one, EVERY_PORT, (SSH, SSH)) for one in intent.admins))
        elif role not in PRIVATE:
            yield delivery, (NEEDED_ICMP, *([port_box("tcp", P2P)] if role == "sentry" else []))
    for delivery in reach.from_outside("admin", intent.admins):
        if delivery.target not in reach.machines:
            continue
        role = reach.machines[delivery.target].role
        if role == "gateway":
            yield delivery, (NEEDED_ICMP, port_box("tcp", SSH))
        else:
            yield delivery, (NEEDED_ICMP, *([port_box("tcp", P2P)] if role == "sentry" else []))


def _a_taken_machine_reaches_its_peers_alone(reach: Reach, intent: Intent) -> Iterator[Judged]:
    for delivery in _taken(reach):
        sender, target = reach.machines[delivery.sender], reach.machines[delivery.target]
        if delivery.place == "mesh":
            yield delivery, list(inside(sender, target, intent))
        else:
            yield delivery, list(_outside(sender, target, intent))


def _outside(sender: Machine, target: Machine, intent: Intent) -> Iterator[Box]:
    """What a taken machine may open outside the mesh."""
    yield NEEDED_ICMP
    yield port_box("udp", target.port)
    if target.role == "sentry":
        yield port_box("tcp", P2P)
    same_site = sender.site == target.site
    if sender.role == "gateway" and (same_site or sender.name in intent.jumps.get(target.name, ())):
        yield port_box("tcp", SSH)
    if target.role == "gateway" and same_site:
        yield port_box("tcp", PROXY)
        yield port_box("udp", NTP)


def inside(sender: Machine, target: Machine, intent: Intent) -> Iterator[Box]:
    """What a taken machine may open inside its tunnels."""
    roles = (sender.role, target.role)
    if roles in (("sentry", "validator"), ("validator", "sentry")):
        yield port_box("tcp", P2P)
    if roles == ("cosigner", "cosigner"):
        yield port_box("tcp", COSIGNER)
    if roles == ("cosigner", "validator") and sender.name in intent.dialers.get(target.name, ()):
        yield port_box("tcp", PRIVVAL)
    if sender.role == "monitor":
        for port in EXPORTERS[target.role]:
            yield port_box("tcp", port)


def _sealed_hosts_have_no_way_out(reach: Reach, intent: Intent) -> Iterator[Judged]:
    services = (port_box("tcp", METADATA), port_box("udp", NTP), port_box("udp", DHCP))
    for name in sorted(intent.sealed):
        for delivery in reach.to_internet(name):
            yield delivery, ()
        for delivery in reach.to_provider(name):
            yield delivery, services
        for delivery in reach.from_machine(name, taken=False):
            if delivery.target in reach.machines:
                yield delivery, ALL_BUT_NAMES


def _signing_ports_are_the_cosigners_alone(reach: Reach, intent: Intent) -> Iterator[Judged]:
    signing: dict[str, Box] = {"validator": port_box("tcp", PRIVVAL), "cosigner": port_box("tcp", COSIGNER)}
    for delivery in (*outsiders(reach, intent), *reach.from_outside("admin", intent.admins), *_taken(reach)):
        if delivery.target not in reach.machines:
            continue
        target = reach.machines[delivery.target]
        if target.role not in signing or _may_sign(reach, delivery.sender, target, intent):
            continue
        only = difference((port_box("tcp", 0, 65535),), (signing[target.role],))
        yield delivery, (*only, *(port_box(protocol, 0, 65535) for protocol in ("udp", "icmp", "other")))


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
