"""A firewall that is written down holds: it is not switched off, and no denial stands before it.

The lower number wins, and at the same number the denial (VPC firewall rules: priority).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL

DENY_PRIORITY: Final = 65534
"""Where the denial of everything stands (components/gcp/firewall.py)."""
DEFAULT_PRIORITY: Final = 1000


def _check(firewall: Seen) -> Iterator[str]:
    if firewall.flag("disabled"):
        yield "it is switched off"
    priority = firewall.number("priority")
    if priority is None:
        priority = DEFAULT_PRIORITY
    if firewall.get("denies"):
        if priority < DENY_PRIORITY:
            yield f"its denial at {priority:.0f} stands before what is allowed"
    elif priority >= DENY_PRIORITY:
        yield f"what it allows at {priority:.0f} stands behind the denial of everything"


RULE: Final = Rule(
    id="gcp-firewall-in-force",
    title="A firewall is in force, allowances before the denial of everything.",
    why="A denial that is off opens the network; an allowance that never counts cuts signers off in the next outage.",
    remedy="leave disabled out, and set priority to 1000 for what is allowed and to 65534 for the denial",
    severity=Severity.HIGH,
    tags=("exposure", "hygiene"),
    types=frozenset({FIREWALL}),
    check=_check,
)
