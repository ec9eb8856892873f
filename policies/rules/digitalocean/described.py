"""What stands in a shared account says whose it is: VPCs and projects have a description, and projects an environment."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import PROJECT, VPC

ENVIRONMENTS: Final = ("Production", "Staging")


def _check(resource: Seen) -> Iterator[str]:
    if not resource.text("description"):
        yield "it has no description"
    if resource.type == PROJECT and resource.text("environment") not in ENVIRONMENTS:
        yield "it does not say whether it is production or staging"


RULE: Final = Rule(
    id="digitalocean-described",
    title="VPCs and projects say what they are, and projects which environment.",
    why="Who cleans up the account deletes what nobody explains, and a validator's network is hard to get back.",
    remedy="set description, and for a project environment to Production or Staging",
    severity=Severity.LOW,
    tags=("hygiene",),
    types=frozenset({PROJECT, VPC}),
    check=_check,
)
