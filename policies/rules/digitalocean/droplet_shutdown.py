"""A droplet is shut down before it is deleted; the provider's default is to cut it off (graceful_shutdown)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET


def _check(droplet: Seen) -> Iterator[str]:
    if not droplet.flag("gracefulShutdown"):
        yield "it is cut off instead of shut down when it is deleted"


RULE: Final = Rule(
    id="digitalocean-droplet-shutdown",
    title="A droplet is shut down before it is deleted.",
    why="What the signer or the node has not written to its volume yet is lost, the last signed height among it.",
    remedy="set graceful_shutdown to True",
    severity=Severity.HIGH,
    tags=("signing", "durability"),
    waivable=False,
    types=frozenset({DROPLET}),
    check=_check,
)
