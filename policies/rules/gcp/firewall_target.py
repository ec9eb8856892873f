"""A firewall that lets something through names the service accounts that it is for.

Without a target it is for every host of the network. A tag will not do: whoever may edit an instance gives it any tag,
where an account takes a right on that account and a stop (VPC firewall rules: filtering by service account).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL
from policies.rules.gcp.traffic import count


def _check(firewall: Seen) -> Iterator[str]:
    if not firewall.get("allows"):
        return
    if firewall.get("targetTags"):
        yield "its targets are tags, which anybody who edits an instance can give away"
    if firewall.get("sourceTags"):
        yield "its sources are tags, which anybody who edits an instance can give away"
    if count(firewall, "targetServiceAccounts") == 0:
        yield "no service account is its target"


RULE: Final = Rule(
    id="gcp-firewall-target",
    title="A firewall that allows something names its hosts by service account.",
    why="What is opened for a sentry would be open at every validator and cosigner of the network.",
    remedy="set target_service_accounts (and source_service_accounts) to the accounts of the groups",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    types=frozenset({FIREWALL}),
    check=_check,
)
