"""A role is what every other rule goes by, so a host says its own in a tag that the model knows."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.roles import ROLES
from policies.roles import MACHINES, VOLUMES, named_role, tagged_role
from policies.rule import Rule, Seen


def _check(resource: Seen) -> Iterator[str]:
    tagged = tagged_role(resource)
    named = named_role(resource)
    if tagged is None:
        yield "no tag says its role"
    elif tagged not in ROLES:
        yield f"its tag says the role {tagged!r}, and there are {', '.join(ROLES)}"
    elif named is None:
        yield "its logical name is no host's name"
    elif tagged != named:
        yield f"its tag says {tagged} and its name says {named}"


RULE: Final = Rule(
    id="fleet-role-tag",
    title="A machine and a volume say the role of their host in a tag, which is the one in its name.",
    why="Firewalls, policies and people go by the role: a validator tagged as a sentry is opened to strangers.",
    remedy="let the component make it: `fleet.naming` gives names and tags",
    severity=Severity.HIGH,
    tags=("identity", "hygiene"),
    waivable=False,
    types=MACHINES | VOLUMES,
    check=_check,
)
