"""What answers on a host of each role, and where: the unit files that start it are rendered from this."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fleet import ports
from fleet.flows import EXPORTERS
from fleet.hosts import Host


@dataclass(frozen=True, order=True)
class Listening:
    """One listening socket.

    Attributes:
        inside: Whether its process runs in the mesh namespace.
    """

    name: str
    protocol: Literal["tcp", "udp"]
    port: int
    inside: bool


def listening(host: Host) -> tuple[Listening, ...]:
    """The sockets of a host, sorted. Those of chain and signer are in the mesh namespace where the host has one."""
    return tuple(sorted({*_base(host), *_role(host)}))


def _base(host: Host) -> Iterator[Listening]:
    yield Listening("sshd", "tcp", ports.SSH, inside=False)
    yield Listening("wireguard", "udp", ports.WIREGUARD, inside=False)
    for port in EXPORTERS[host.role]:
        yield Listening("exporter", "tcp", port, host.mesh_namespace)


def _role(host: Host) -> Iterator[Listening]:
    inside = host.mesh_namespace
    if host.role == "gateway":
        yield Listening("proxy", "tcp", ports.PROXY, inside=False)
        yield Listening("chrony", "udp", ports.NTP, inside=False)
    if host.role in ("sentry", "validator"):
        yield Listening("p2p", "tcp", ports.P2P, inside)
    if host.role == "validator":
        yield Listening("privval", "tcp", ports.PRIVVAL, inside)
    if host.role == "cosigner":
        yield Listening("cosigner", "tcp", ports.COSIGNER, inside)
