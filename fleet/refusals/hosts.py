"""Hosts that must not be let go together, and sizes that no host of ours can have."""

from collections.abc import Iterator
from typing import Final

from fleet.discovery import PROVIDERS
from fleet.placement import places
from fleet.problems import Problem
from fleet.roles import SIGNING_ROLES, Role
from fleet.sites import CloudSite, Machine, MetalSite
from fleet.spec import Fleet
from fleet.suggest import meant

WITH_DATA: Final[tuple[Role, ...]] = ("sentry", "validator", "cosigner")
"""Roles that keep a chain or a signer's state on a volume of its own."""


def hosts(fleet: Fleet) -> Iterator[Problem]:
    """What is wrong with `let_go` and with `machines`."""
    yield from _let_go(fleet)
    for site in fleet.sites:
        if isinstance(site, MetalSite):
            continue
        for role in site.counts():
            size = site.machines.of(role)
            if size is not None:
                yield from _size(site, role, size)


def _size(site: CloudSite, role: Role, size: Machine) -> Iterator[Problem]:
    facts, field = PROVIDERS[site.provider], f"sites[{site.name}].machines.{role}"
    if facts.arm is not None and facts.arm.fullmatch(size.type):
        yield Problem(f"{field}.type", "is an ARM machine, and software is built for amd64", "use an x86 type")
    if role in WITH_DATA and size.data_gb < 1:
        yield Problem(f"{field}.data_gb", f"leaves a {role} without a volume for its state", "write 1 or more")
    if facts.sizes is not None and size.type not in facts.sizes.known:
        usual = {machine.type for machine in facts.machines.values()}
        near = meant(size.type, facts.sizes.known, usual=usual)
        yield Problem(
            f"{field}.type",
            f"is no {facts.sizes.called} that is known here",
            f"{near}, or add a new one to fleet.providers.{facts.name}",
        )


def _let_go(fleet: Fleet) -> Iterator[Problem]:
    roles = {host.name: host.role for host in places(fleet)}
    unknown = [name for name in fleet.let_go if name not in roles]
    if unknown:
        yield Problem(
            "let_go", f"names {', '.join(unknown)}, which is no host of this fleet", "remove it from the list"
        )
    signing = [name for name in fleet.let_go if roles.get(name) in SIGNING_ROLES]
    if len(signing) > 1:
        yield Problem(
            "let_go", f"lets go of {len(signing)} signing hosts at once", "let go of one, finish, then the next"
        )
