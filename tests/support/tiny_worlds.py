"""Fleets of one to three machines, made by hand: one sees what must happen to a packet."""

from typing import Any, Final

from fleet.proofs.model import (
    ANYWHERE,
    IPV4,
    OPEN,
    Filter,
    Intent,
    Interface,
    Machine,
    Protocol,
    Relay,
    Route,
    Rule,
    World,
    point,
    span,
)
from tests.support.walker import Packet

STRANGER: Final = "9.9.9.9"
ADMIN: Final = "192.0.2.1"
TOO_BIG: Final = 3 * 256 + 4
PUBLIC: Final = Route(to=IPV4, via="internet")
INTENT: Final = Intent(
    admins=(span("192.0.2.0/28"),),
    dialers={"validator": frozenset({"cosigner"})},
    jumps={"validator": frozenset({"far-gateway"})},
    sealed=frozenset({"validator"}),
)


def rule(
    protocol: Protocol = "tcp",
    port: int | None = None,
    *,
    peers: str | None = None,
    accept: bool = True,
    **fields: Any,
) -> Rule:
    ports = (0, 65535) if port is None else (port, port)
    named = ANYWHERE if peers is None else (span(peers),)
    return Rule(accept=accept, protocols=frozenset({protocol}), peers=named, ports=ports, origin="", **fields)


def interface(address: str | None = "10.0.0.1", public: str | None = None, **fields: Any) -> Interface:
    """In a cloud that translates addresses; its network is 10.0.0.0/24."""
    base: dict[str, Any] = {
        "network": "vpc",
        "network_range": (span("10.0.0.0/24"),),
        "guest_owns_public": False,
        "has_ipv6": False,
        "cloud": None,
        "routes": (Route(to=span("10.0.0.0/24"), via="local"), *([PUBLIC] if public else [])),
    }
    return Interface(
        address=None if address is None else point(address),
        public=None if public is None else point(public),
        **(base | fields),
    )


def machine(name: str, *interfaces: Interface, **fields: Any) -> Machine:
    """Called by its role, with no filter of its own."""
    base: dict[str, Any] = {
        "role": name.rpartition("-")[2],
        "site": "s1",
        "provider": "aws",
        "failure_domain": "aws",
        "host": OPEN,
        "mesh": OPEN,
        "forwards": False,
        "relays": (),
        "mesh_address": point("100.64.0.1"),
        "key": name,
        "port": 51820,
        "tunnels": (),
        "listeners": (),
    }
    return Machine(name=name, interfaces=interfaces, **(base | fields))


def world(*machines: Machine) -> World:
    return World(machines=machines)


def packet(sender: str, destination: str, port: int = 22, **fields: Any) -> Packet:
    if "source" in fields:
        fields["source"] = point(fields["source"])
    elif sender in ("stranger", "nearby"):
        fields["source"] = point(STRANGER)
    return Packet(sender=sender, destination=point(destination), **({"protocol": "tcp", "port": port} | fields))


def relaying(**fields: Any) -> World:
    """A gateway that forwards what a far gateway sends to port 51840 to its validator."""
    relay = Relay(
        source=point("198.18.0.9"),
        source_port=51841,
        own=point("10.0.0.2"),
        port=51840,
        target=point("10.0.0.1"),
        target_port=51820,
        new_source=point("10.0.0.2"),
        new_source_port=16384,
        origin="",
    )
    known = Filter(incoming=(rule("udp", 51820, peers="10.0.0.2", source_ports=(16384, 16384)),))
    base: dict[str, Any] = {"forwards": True, "relays": (relay,), "host": Filter()}
    return world(
        machine("far-gateway", interface("10.9.0.1", "198.18.0.9", network="far"), site="s2"),
        machine("gateway", interface("10.0.0.2", "198.18.0.2"), **(base | fields)),
        machine("validator", interface(), host=known),
    )
