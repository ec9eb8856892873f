"""The claims about a fleet's network once more, one packet at a time, and a search for a packet that breaks one."""

from typing import Final

from fleet.proofs.model import Intent, Machine, Protocol, World
from tests.support.walker import NOTHING_OFF, OUTSIDERS, Delivery, Packet, inside, walk
from tests.support.walker_search import INNER, Search, fleet_addresses

CLAIMS: Final = ("a", "b", "e", "f", "g")
SSH, P2P, PRIVVAL, COSIGNER, PROXY, NTP, DNS, HTTP, DHCP = 22, 26656, 1234, 2222, 3128, 123, 53, 80, 67
TOO_BIG: Final = 3 * 256 + 4
"""ICMP "fragmentation needed"."""
EXPORTERS: Final = {
    "gateway": (9100,),
    "sentry": (9100, 26660),
    "validator": (9100, 26660),
    "cosigner": (9100, 6001),
    "monitor": (9100,),
}


def forbidden(world: World, intent: Intent, packet: Packet, delivery: Delivery, claim: str) -> bool:
    """Whether a claim says that this packet may not end there. It says nothing about packets to oneself."""
    if delivery.target == packet.sender:
        return False
    if claim == "f":
        return _leaves_a_sealed_host(world, intent, packet, delivery)
    if delivery.place not in ("interface", "mesh"):
        return False
    receiver = world.machine(delivery.target)
    if claim == "g":
        return _reaches_a_signer(world, intent, packet, delivery, receiver)
    if claim == "e":
        return packet.taken and not _may_reach(world.machine(packet.sender), receiver, intent, delivery)
    if packet.sender not in OUTSIDERS:
        return False
    too_big = _is(delivery, "icmp", TOO_BIG)
    if receiver.role in INNER:
        return claim == ("b" if packet.sender == "admin" else "a") and not too_big
    if claim == "a":
        return False
    assert claim == "b", f"there is no claim {claim}"
    if receiver.role == "sentry":
        return not too_big and not _is(delivery, "tcp", P2P)
    return receiver.role == "gateway" and not too_big and not _administers(intent, packet, delivery)


def counted(world: World, delivery: Delivery, claim: str, off: frozenset[str]) -> bool:
    """Whether a delivery counts. All do while hosts filter; the clouds alone are coarser.

    They do not tell ICMP apart by type, and what a group opens to one port it may open to others on which nobody
    listens: without host firewalls ICMP to a machine does not count, and in `e` and `g` only what is listened for.
    """
    if "host" not in off or delivery.place in ("internet", "provider"):
        return True
    if delivery.protocol == "icmp":
        return False
    if claim not in ("e", "g"):
        return True
    for listener in world.machine(delivery.target).listeners:
        reachable = delivery.place == "mesh" or not listener.inside or "namespace" in off
        if reachable and _is(delivery, listener.protocol, listener.port):
            return True
    return False


def _is(delivery: Delivery, protocol: Protocol, port: int) -> bool:
    return (delivery.protocol, delivery.port) == (protocol, port)


def _administers(intent: Intent, packet: Packet, delivery: Delivery) -> bool:
    """SSH to a gateway from an address of the operators, wherever it enters."""
    return _is(delivery, "tcp", SSH) and packet.source is not None and inside(intent.admins, packet.source)


def _may_reach(sender: Machine, receiver: Machine, intent: Intent, delivery: Delivery) -> bool:
    """What one machine may reach of another, whoever is root on it."""
    if delivery.place == "mesh":
        return delivery.protocol == "tcp" and delivery.port in _mesh_ports(sender, receiver, intent)
    gateway_of_receiver = sender.role == "gateway" and sender.site == receiver.site
    gateway_of_sender = receiver.role == "gateway" and sender.site == receiver.site
    if delivery.protocol == "icmp":
        return delivery.port == TOO_BIG
    if delivery.protocol == "udp":
        return delivery.port == receiver.port or (gateway_of_sender and delivery.port == NTP)
    if delivery.protocol != "tcp":
        return False
    if delivery.port == SSH:
        return gateway_of_receiver or sender.name in intent.jumps.get(receiver.name, frozenset())
    if delivery.port == PROXY:
        return gateway_of_sender
    return delivery.port == P2P and receiver.role == "sentry"


def _mesh_ports(sender: Machine, receiver: Machine, intent: Intent) -> tuple[int, ...]:
    roles = (sender.role, receiver.role)
    if sender.role == "monitor":
        return EXPORTERS[receiver.role]
    if roles in (("sentry", "validator"), ("validator", "sentry")):
        return (P2P,)
    if roles == ("cosigner", "cosigner"):
        return (COSIGNER,)
    if roles == ("cosigner", "validator") and sender.name in intent.dialers.get(receiver.name, frozenset()):
        return (PRIVVAL,)
    return ()


def _leaves_a_sealed_host(world: World, intent: Intent, packet: Packet, delivery: Delivery) -> bool:
    if packet.taken or packet.sender not in intent.sealed:
        return False
    if delivery.protocol in ("tcp", "udp") and delivery.port == DNS:
        return True
    if delivery.place == "provider":
        return not (_is(delivery, "tcp", HTTP) or _is(delivery, "udp", NTP) or _is(delivery, "udp", DHCP))
    return delivery.place == "internet" and not inside(fleet_addresses(world), delivery.destination)


def _reaches_a_signer(world: World, intent: Intent, packet: Packet, delivery: Delivery, receiver: Machine) -> bool:
    outside = packet.sender in OUTSIDERS
    if not outside and not packet.taken:
        return False
    if receiver.role == "validator" and _is(delivery, "tcp", PRIVVAL):
        by_cosigner = not outside and world.machine(packet.sender).role == "cosigner"
        return not by_cosigner or packet.sender not in intent.dialers.get(receiver.name, frozenset())
    if receiver.role == "cosigner" and _is(delivery, "tcp", COSIGNER):
        return outside or world.machine(packet.sender).role != "cosigner"
    return False


def counterexample(
    world: World, intent: Intent, claim: str, off: frozenset[str] = NOTHING_OFF, *, thin: bool = True
) -> Packet | None:
    """A packet that breaks a claim; None where none was found.

    Args:
        thin: Without it every boundary is tried, and the numbers beside it, instead of one number of every piece.
    """
    for packet in Search(world, intent, claim, off, thin=thin).packets():
        for delivery in walk(world, packet, off):
            if forbidden(world, intent, packet, delivery, claim) and counted(world, delivery, claim, off):
                return packet
    return None
