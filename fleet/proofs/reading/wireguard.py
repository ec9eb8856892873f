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
    interfaces = [values for name, values in sections if name == "interface"]
    peers = [values for name, values in sections if name == "peer"]
    if len(interfaces) != 1 or "ListenPort" not in interfaces[0] or any("PublicKey" not in peer for peer in peers):
        raise ReadingError(f"{where}: the interface has no port or a peer has no key")
    try:
        return Mesh(int(interfaces[0]["ListenPort"]), tuple(_tunnel(peer) for peer in peers))
    except ValueError as error:
        raise ReadingError(f"{where}: {error}") from None


def _tunnel(peer: dict[str, str]) -> Tunnel:
    endpoint = peer.get("Endpoint")
    address, _, port = (endpoint or "").rpartition(":")
    return Tunnel(
        key=peer["PublicKey"],
        allowed=merged(span(one.strip()) for one in peer.get("AllowedIPs", "").split(",") if one.strip()),
        endpoint=(point(address), int(port)) if endpoint else None,
    )


def _sections(text: str, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The sections by lower-case name; ranges that stand on several lines are put together, as `wg` does."""
    name = ""
    values: dict[str, str] = {}
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("["):
            if name:
                yield name, values
            name, values = line.strip("[]").lower(), {}
            if name not in ("interface", "peer"):
                raise ReadingError(f"{where}: {line!r} is not modelled by the proofs")
        elif line and not line.startswith("#"):
            key, _, value = (part.strip() for part in line.partition("="))
            if key not in KNOWN or (key in values and key != "AllowedIPs"):
                raise ReadingError(f"{where}: {key!r} is not modelled by the proofs")
            values[key] = f"{values[key]}, {value}" if key in values else value
    if name:
        yield name, values
