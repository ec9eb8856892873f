"""The WireGuard configuration of a host, in the format of `wg setconf`: whom it has tunnels to, and where they are.

It holds no secret: the host puts its private key and the pre-shared keys in from files that it made itself. What a peer
may send from is its one mesh address, so that a taken host cannot speak for another.
"""

from collections.abc import Mapping
from typing import Final

from cloudinit.nftables import Addresses
from fleet import ports
from fleet.addressing import Symbol
from fleet.hosts import Host
from fleet.mesh import Endpoint
from fleet.plan import Plan

KEEPALIVE_SECONDS: Final = 25
"""Below the 30 s after which DigitalOcean's NAT gateway forgets a UDP flow, the shortest that we meet."""


def wireguard(planned: Plan, host: Host, public_keys: Mapping[str, str], addresses: Addresses) -> str:
    """The configuration of a host's interface.

    Args:
        public_keys: WireGuard public keys by host name, at least those of its peers.
        addresses: Every address that a provider chose and that an endpoint names.

    Raises:
        KeyError: When a key or an address is missing.
    """
    lines = ["[Interface]", f"ListenPort = {ports.WIREGUARD}"]
    for pair in planned.pairs:
        if host.name not in (pair.a, pair.b):
            continue
        peer = planned.host[pair.b if host.name == pair.a else pair.a]
        endpoint = pair.from_a if host.name == pair.a else pair.from_b
        lines += [
            "",
            "[Peer]",
            f"# {peer.name}",
            f"PublicKey = {public_keys[peer.name]}",
            f"AllowedIPs = {peer.mesh_address}/32",
            *([f"Endpoint = {_written(endpoint, addresses)}"] if endpoint else []),
            f"PersistentKeepalive = {KEEPALIVE_SECONDS}",
        ]
    return "\n".join(lines) + "\n"


def _written(endpoint: Endpoint, addresses: Addresses) -> str:
    address = endpoint.address
    return f"{addresses[address.name] if isinstance(address, Symbol) else address}:{endpoint.port}"
