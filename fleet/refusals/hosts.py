"""Hosts that must not be let go together, and sizes that no host of ours can have."""

import re
from collections.abc import Iterator
from typing import Final

from fleet.placement import places
from fleet.problems import Problem
from fleet.roles import SIGNING_ROLES, Role
from fleet.spec import Fleet, MetalSite

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
