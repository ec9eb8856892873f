"""An account holds other fleets, other stacks and other people's things: what is ours says so."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.resource_types import LABELLED, TAGGED
from policies.rule import Rule, Seen


def _check(resource: Seen) -> Iterator[str]:
    tags = resource.block("labels" if resource.type in LABELLED else "tags")
    between = "-" if resource.type in LABELLED else ":"
    for what in ("fleet", "site"):
        key = f"redoubt{between}{what}"
        if not tags.text(key):
            yield f"the tag {key} is missing"
    stack = resource.urn.removeprefix("urn:pulumi:").partition("::")[0]
    if tags.text(f"redoubt{between}stack") != stack:
        yield f"its tag redoubt{between}stack does not name this stack"


RULE: Final = Rule(
    id="fleet-ownership",
    title="What can carry tags or labels says fleet, stack and site.",
    why="Recovery and clean-up find what is ours by its tags; without them a lost host stays lost, and costs.",
    remedy="pass the tags of `fleet.naming.tags`, or the labels of `fleet.naming.labels`",
    severity=Severity.MEDIUM,
    tags=("hygiene", "durability"),
    types=TAGGED | LABELLED,
    check=_check,
)
