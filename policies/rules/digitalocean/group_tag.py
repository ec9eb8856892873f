"""Droplets, volumes and firewalls have one tag, their group's: firewalls find droplets by tag, and add up."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import tagged_role
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET, FIREWALL, VOLUME


def _check(resource: Seen) -> Iterator[str]:
    stack = resource.urn.split(":")[2]
    group = resource.name.rpartition("-")[0]
    tags = resource.texts("tags")
    if len(tags) != 1:
        yield f"it has {len(tags)} tags where it needs one"
    elif tagged_role(resource) is None or not re.fullmatch(rf".+-{re.escape(stack)}-{re.escape(group)}", tags[0]):
        yield "its tag is not that of its own group in this stack"


RULE: Final = Rule(
    id="digitalocean-group-tag",
    title="A droplet, volume or firewall has one tag: its group's.",
    why="A validator that also carries the sentries' tag is opened to everybody by the sentries' firewall.",
    remedy="set tags to the name of the group's own Tag, and to nothing else",
    severity=Severity.HIGH,
    tags=("exposure",),
    types=frozenset({DROPLET, FIREWALL, VOLUME}),
    check=_check,
)
