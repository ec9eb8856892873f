"""Puts what the readers found together: one machine for each host of the plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final, cast

from fleet.proofs.model import ANYWHERE, Interface, Listener, Machine, Route, World, point
from fleet.proofs.reading.chosen import Chosen
from fleet.proofs.reading.nftables import read_ruleset
from fleet.proofs.reading.resources import HostFacts, ReadingError, Resource
from fleet.proofs.reading.wireguard import read_wireguard

Reader = Callable[[Sequence[Resource], Mapping[str, HostFacts], Chosen], dict[str, tuple[Interface, ...]]]
PACKAGE: Final = "fleet.proofs.reading"
"""Each provider has a module of its name in it, whose `interfaces` reads what is sent to that provider."""


@dataclass(frozen=True, kw_only=True)
class HostFiles:
    """What is installed on one host.

    Attributes:
        ruleset: nftables of its own network namespace.
        mesh_ruleset: nftables of the mesh namespace; None where there is none.
        wireguard: Configuration of its WireGuard interface.
        key: Its WireGuard public key.
        listeners: What answers on it.
    """

    ruleset: str
    mesh_ruleset: str | None
    wireguard: str
    key: str
    listeners: tuple[Listener, ...]


def read_world(resources: Sequence[Resource], hosts: Iterable[HostFacts], files: Mapping[str, HostFiles]) -> World:
    """The fleet as rendered.

    Raises:
        ReadingError: When something is rendered that is not modelled, a host of the plan is not there, or there is a
            provider without a reader.
    """
    known = {host.name: host for host in hosts}
    chosen = Chosen()
    found: dict[str, tuple[Interface, ...]] = {}
    for provider in sorted({one.type.split(":", 1)[0] for one in resources} - {"pulumi", "redoubt"}):
        read = _reader(provider)
        try:
            found |= read(resources, known, chosen)
        except (KeyError, TypeError, ValueError) as error:
            raise ReadingError(f"resources of {provider}: {error!r} is not modelled by the proofs") from error
    return World(machines=tuple(_machine(host, found, files[host.name]) for host in known.values()))


def _reader(provider: str) -> Reader:
    module = f"{PACKAGE}.{provider}"
    if find_spec(module) is None:
        raise ReadingError(f"resources of {provider} are not modelled by the proofs: add a reader")
    return cast("Reader", import_module(module).interfaces)


def _machine(host: HostFacts, found: Mapping[str, tuple[Interface, ...]], files: HostFiles) -> Machine:
    if host.metal_address is not None:
        interfaces: tuple[Interface, ...] = (_metal(host.metal_address),)
    elif host.name in found:
        interfaces = found[host.name]
    else:
        raise ReadingError(f"{host.name}: no machine of that name is rendered")
    ruleset = read_ruleset(files.ruleset, f"{host.name} nftables")
    inner = None if files.mesh_ruleset is None else read_ruleset(files.mesh_ruleset, f"{host.name} mesh nftables")
    mesh = read_wireguard(files.wireguard, f"{host.name} wireguard")
    return Machine(
        name=host.name,
        role=host.role,
        site=host.site,
        provider=host.provider,
        failure_domain=host.failure_domain,
        interfaces=interfaces,
        host=ruleset.outside,
        mesh=ruleset.mesh if inner is None else inner.mesh,
        forwards=ruleset.forwards,
        forwards_anything=ruleset.forwards_anything or (inner is not None and inner.forwards_anything),
        relays=ruleset.relays,
        mesh_address=point(host.mesh_address),
        key=files.key,
        port=mesh.port,
        tunnels=mesh.tunnels,
        listeners=files.listeners,
    )


def _metal(address: str) -> Interface:
    """A machine on the Internet with no firewall of ours before it; its line may carry IPv6 too."""
    return Interface(
        network="",
        network_range=(),
        address=None,
        public=point(address),
        guest_owns_public=True,
        has_ipv6=True,
        cloud=None,
        routes=tuple(Route(to=one, via="internet", origin="the line of the location") for one in ANYWHERE),
    )
