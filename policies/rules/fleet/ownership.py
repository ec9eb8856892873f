"""An account holds other fleets, other stacks and other people's things: what is ours says so."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.resource_types import LABELLED, TAGGED
from policies.rule import Finding, Seen, Stack, StackRule, each


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    labels = {site.name: site.label for site in plan.sites}

    def look(one: Seen) -> Iterator[str]:
        labelled = one.type in LABELLED
        tags = one.block("labels" if labelled else "tags")
        wanted = {"fleet": plan.fleet, "stack": plan.stack, "site": labels.get(one.name.partition("-")[0])}
        for what, value in wanted.items():
            key = f"redoubt{'-' if labelled else ':'}{what}"
            if tags.text(key) != value:
                yield f"its {'label' if labelled else 'tag'} {key} is not {value}"

    yield from each(stack.of(*TAGGED, *LABELLED), look)


RULE: Final = StackRule(
    id="fleet-ownership",
    title="What can carry tags or labels says its fleet, stack and site.",
    why="Recovery and clean-up find what is ours by its tags; without them a lost host stays lost, and costs.",
    remedy="pass the tags of `fleet.naming.tags`, or the labels of `fleet.naming.labels`",
    severity=Severity.MEDIUM,
    tags=("hygiene", "durability"),
    check=_check,
)
