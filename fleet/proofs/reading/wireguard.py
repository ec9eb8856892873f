"""Reads a host's WireGuard configuration (`wg setconf`): its port and its peers."""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.proofs.model import Tunnel, merged, point, span
from fleet.proofs.reading.resources import ReadingError

KNOWN = {"ListenPort", "PublicKey", "AllowedIPs", "Endpoint", "PersistentKeepalive"}


@dataclass(frozen=True)
class Mesh:
    """One end of the mesh."""

    port: int
    tunnels: tuple[Tunnel, ...]


def read_wireguard(text: str, where: str) -> Mesh:
    """Reads a configuration.

    Raises:
        ReadingError: When a line is none of the format's, or a peer has no key.
    """
    sections = list(_sections(text, where))
    nothing: dict[str, str] = {}
    interface = next((values for name, values in sections if name == "Interface"), nothing)
    peers = [values for name, values in sections if name == "Peer"]
    if "ListenPort" not in interface or any("PublicKey" not in peer for peer in peers):
        raise ReadingError(f"{where}: the interface has no port or a peer has no key")
    return Mesh(int(interface["ListenPort"]), tuple(_tunnel(peer) for peer in peers))


def _tunnel(peer: dict[str, str]) -> Tunnel:
    endpoint = peer.get("Endpoint")
    address, _, port = (endpoint or "").rpartition(":")
    return Tunnel(
        key=peer["PublicKey"],
        allowed=merged(span(one.strip()) for one in peer.get("AllowedIPs", "").split(",") if one.strip()),
        endpoint=(point(address), int(port)) if endpoint else None,
    )


def _sections(text: str, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    name = ""
    values: dict[str, str] = {}
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("["):
            if name:
                yield name, values
            name, values = line.strip("[]"), {}
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            if key.strip() not in KNOWN:
                raise ReadingError(f"{where}: {key.strip()!r} is not modelled by the proofs")
            values[key.strip()] = value.strip()
    if name:
        yield name, values
