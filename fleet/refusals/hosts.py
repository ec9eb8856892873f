"""Hosts that must not be let go together, and sizes that no host of ours can have."""

import re
from collections.abc import Iterator
from typing import Final

from fleet.machines import DEFAULTS
from fleet.placement import places
from fleet.problems import Problem
from fleet.roles import SIGNING_ROLES, Role
from fleet.sizes import DIGITALOCEAN
from fleet.spec import CloudSite, Fleet, Machine, MetalSite
from fleet.suggest import meant

ARM: Final = {"aws": re.compile(r"(a1|[a-z]+\d+g[a-z]*)\..*"), "gcp": re.compile(r"(t2a|c4a|n4a)-.*")}
"""Machine types with ARM processors: AWS marks them by a g behind the generation (EC2 user guide, naming conventions)."""
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
            field = f"sites[{site.name}].machines.{role}"
            if size is not None and site.provider in ARM and ARM[site.provider].fullmatch(size.type):
                yield Problem(f"{field}.type", "is an ARM machine, and software is built for amd64", "use an x86 type")
            if size is not None and role in WITH_DATA and size.data_gb < 1:
                yield Problem(f"{field}.data_gb", f"leaves a {role} without a volume for its state", "write 1 or more")
            if size is not None:
                yield from _unknown_size(site, f"{field}.type", size)


def _unknown_size(site: CloudSite, field: str, size: Machine) -> Iterator[Problem]:
    """Only where all sizes are known here: on DigitalOcean. Whether a region has one left, its API alone knows."""
    if site.provider == "digitalocean" and size.type not in DIGITALOCEAN:
        usual = {machine.type for machine in DEFAULTS["digitalocean"].values()}
        near = meant(size.type, DIGITALOCEAN, usual=usual)
        yield Problem(field, "is no droplet size that is known here", f"{near}, or add a new one to fleet/sizes.py")


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
