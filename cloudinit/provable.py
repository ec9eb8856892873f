"""The files of a fleet's hosts as the proofs read them, with keys that stand for those which hosts make themselves."""

import base64
import hashlib
from collections.abc import Mapping

from cloudinit.listeners import listening
from cloudinit.nftables import host_ruleset, mesh_ruleset
from cloudinit.wireguard import wireguard
from fleet.hosts import Host
from fleet.plan import Plan
from fleet.proofs.model import Listener
from fleet.proofs.reading.world import HostFiles


def host_files(planned: Plan, addresses: Mapping[str, str]) -> dict[str, HostFiles]:
    """The files of every host.

    Args:
        planned: The plan.
        addresses: Addresses that providers chose, by symbol.
    """
    keys = {host.name: stand_in_key(host.name) for host in planned.hosts}
    return {host.name: _files(planned, host, keys, addresses) for host in planned.hosts}


def _files(planned: Plan, host: Host, keys: Mapping[str, str], addresses: Mapping[str, str]) -> HostFiles:
    return HostFiles(
        ruleset=host_ruleset(planned, host, addresses),
        mesh_ruleset=mesh_ruleset(planned, host),
        wireguard=wireguard(planned, host, keys, addresses),
        key=keys[host.name],
        listeners=tuple(
            Listener(name=one.name, protocol=one.protocol, port=one.port, inside=one.inside) for one in listening(host)
        ),
    )


def stand_in_key(host: str) -> str:
    """What stands for a host's WireGuard public key, which the host makes itself: nobody has its private half."""
    return base64.b64encode(hashlib.sha256(f"wireguard of {host}".encode()).digest()).decode()
