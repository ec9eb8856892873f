"""What the network refuses is logged: a refusal is the first trace of a scan, and of a host that tries to get out."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL


def _check(firewall: Seen) -> Iterator[str]:
    if firewall.get("denies") and firewall.text("logConfig.metadata") != "INCLUDE_ALL_METADATA":
        yield "what it refuses leaves no full entry in the log"


RULE: Final = Rule(
    id="gcp-firewall-log",
    title="Denials are logged with all metadata.",
    why="Without the log an operator learns of an intruder on a sentry when the validator misses blocks.",
    remedy='set log_config.metadata to "INCLUDE_ALL_METADATA"',
    severity=Severity.MEDIUM,
    tags=("audit",),
    types=frozenset({FIREWALL}),
    check=_check,
)
