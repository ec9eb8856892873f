"""What leaves: every host, by its role, to the Internet, to its provider's services and, where it is sealed, to the fleet.

Honest hosts are meant; what a taken one opens at its peers is claim `e`. Judged with cloud and host firewalls together, and
with each of the two alone.
"""

from collections.abc import Iterator
from typing import Final

from fleet.proofs.claims import DHCP, METADATA, NTP, PRIVATE, PROXY, Witness, port_box, witness_of
from fleet.proofs.model import Intent, Machine, point
from fleet.proofs.reach import Delivery, Reach
from fleet.proofs.regions import Box, difference

HTTPS, NAMES, ANY_TCP = 443, 853, (1, 65535)
BROADCAST: Final = point("255.255.255.255")
METADATA_ADDRESS: Final = point("169.254.169.254")


def strays(reach: Reach, intent: Intent) -> Iterator[Witness]:
    """Packets that a host can send where its role needs nothing."""
    for machine in reach.machines.values():
        for delivery, allowed in _leaving(reach, machine, intent):
            rest = difference(delivery.region, allowed)
            if rest:
                yield witness_of(delivery, rest[0])


def _leaving(reach: Reach, machine: Machine, intent: Intent) -> Iterator[tuple[Delivery, list[Box]]]:
    if not ("host" in reach.off and machine.provider == "baremetal"):  # nothing else filters what metal sends
        for delivery in reach.to_internet(machine.name):
            yield delivery, _internet(machine, intent)
    if "host" not in reach.off:  # nothing else filters what goes to the provider's own addresses
        for delivery in reach.to_provider(machine.name):
            yield delivery, _services()
    if machine.name in intent.sealed and "host" not in reach.off:
        for delivery in reach.from_machine(machine.name, taken=False):
            if delivery.place == "interface":
                yield delivery, _own_gateway(reach, machine, delivery)


def _internet(machine: Machine, intent: Intent) -> list[Box]:
    """By role: a sealed host nothing, another private one HTTPS, public ones and metal names and time too.

    The broadcast that renews a lease is sent by every host, and routed by nobody.
    """
    lease = port_box("udp", DHCP)._replace(peers=(BROADCAST, BROADCAST))
    if machine.name in intent.sealed:
        return [lease]
    if machine.role in PRIVATE and machine.provider != "baremetal":
        return [lease, port_box("tcp", HTTPS)]
    if machine.role == "sentry":
        return [lease, port_box("tcp", *ANY_TCP), port_box("udp", NTP)]
    return [lease, port_box("tcp", HTTPS), port_box("tcp", NAMES), port_box("udp", NTP)]


def _services() -> list[Box]:
    metadata = port_box("tcp", METADATA)._replace(peers=(METADATA_ADDRESS, METADATA_ADDRESS))
    return [metadata, port_box("udp", NTP), port_box("udp", DHCP)]


def _own_gateway(reach: Reach, machine: Machine, delivery: Delivery) -> list[Box]:
    """A sealed host reaches proxy and time of its own gateway, and WireGuard, relayed or not."""
    target = reach.machines.get(delivery.target)
    if target is None:
        return []
    found = [port_box("udp", target.port)]
    if target.role == "gateway" and target.site == machine.site:
        found += [port_box("tcp", PROXY), port_box("udp", NTP)]
    return found
