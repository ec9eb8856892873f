"""All that a stack would send: resources to providers, recorded under mocks, and files to hosts.

Recorded programs know every id and address. The addresses that providers would choose are made up, distinct, and inside
their range; `fleet.proofs` refuses rules that would depend on which ones they are.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cloudinit.listeners import listening
from cloudinit.nftables import host_ruleset, mesh_ruleset
from cloudinit.wireguard import wireguard
from fleet.addressing import Symbol
from fleet.hosts import Host
from fleet.plan import Plan
from fleet.proofs.model import Intent, Listener, World, spans
from fleet.proofs.reading.resources import HostFacts, Resource
from fleet.proofs.reading.world import HostFiles, read_world
from ops.recording.monitor import Recording


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A stack as sent.

    Attributes:
        addresses: Addresses that providers chose, by symbol.
    """

    planned: Plan
    resources: tuple[Resource, ...]
    files: Mapping[str, HostFiles]
    addresses: Mapping[str, str]

    def world(self) -> World:
        """The fleet as the proofs see it.

        Raises:
            fleet.proofs.reading.resources.ReadingError: When something is rendered that they do not model.
        """
        return read_world(self.resources, facts(self.planned), self.files)


def rendered(planned: Plan, recording: Recording) -> Rendered:
    """What a recorded run of the program sends, with the host files of its plan."""
    resources = tuple(
        Resource(urn=one.urn, type=one.type, name=one.name, inputs=one.inputs, outputs=recording.outputs[one.urn])
        for one in recording.resources
        if one.custom
    )
    addresses = chosen(planned, recording)
    keys = {host.name: stand_in_key(host.name) for host in planned.hosts}
    files = {host.name: _files(planned, host, keys, addresses) for host in planned.hosts}
    return Rendered(planned=planned, resources=resources, files=files, addresses=addresses)


def chosen(planned: Plan, recording: Recording) -> dict[str, str]:
    """The addresses that the mocked clouds chose, as the stack's outputs say them."""
    told = recording.stack_outputs["hosts"]
    found: dict[str, str] = {}
    for host in planned.hosts:
        for address, key in ((host.public_address, "public_address"), (host.private_address, "private_address")):
            if isinstance(address, Symbol):
                found[address.name] = told[host.name][key]
    return found


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


def facts(planned: Plan) -> tuple[HostFacts, ...]:
    """What the proofs take from the plan about each host."""
    return tuple(
        HostFacts(
            name=host.name,
            role=host.role,
            site=f"s{host.site_id}",
            provider=host.provider,
            failure_domain=f"s{host.site_id}" if host.provider == "baremetal" else host.provider,
            mesh_address=host.mesh_address,
            metal_address=str(host.public_address) if host.provider == "baremetal" else None,
        )
        for host in planned.hosts
    )


def intent(planned: Plan) -> Intent:
    """What the fleet is meant to be."""
    gateways = {site.id: site.gateway for site in planned.sites}
    metal = {site.id: frozenset(name for one in site.jump_sites if (name := gateways[one])) for site in planned.sites}
    sealed = {site.id for site in planned.sites if site.egress == "sealed"}
    return Intent(
        admins=spans(planned.admin_cidrs),
        dialers={name: frozenset(served) for name, served in planned.signing.dialers.items()},
        jumps={host.name: metal[host.site_id] for host in planned.hosts if host.provider == "baremetal"},
        sealed=frozenset(host.name for host in planned.hosts if host.site_id in sealed and host.public_address is None),
    )
