"""A type that no rule knows is a type that no rule judges."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.resource_types import KNOWN
from policies.rule import Rule, Seen

FRAME: Final = ("pulumi:", "redoubt:")
"""The stack, providers, and our components: they make nothing in an account."""


def _check(resource: Seen) -> Iterator[str]:
    also = resource.settings.texts("also")
    if not resource.type.startswith(FRAME) and resource.type not in KNOWN and resource.type not in also:
        yield f"the pack has no rules about {resource.type}"


RULE: Final = Rule(
    id="fleet-known-types",
    title="Only types are created that this pack has rules about.",
    why="A peering, a bucket or a load balancer beside the fleet can open what every other rule keeps shut.",
    remedy="leave it out of this stack, or list its type under `also` in the pack's config once you have looked at it",
    severity=Severity.HIGH,
    tags=("exposure", "hygiene"),
    settings={
        "also": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Further resource types that may be created, for example aws:s3/bucket:Bucket.",
        }
    },
    types=None,
    check=_check,
)
