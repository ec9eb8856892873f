"""Each group has a service account of its own, because firewalls tell hosts apart by it.

The default account is an editor of the whole project, and every instance that has it is in one group.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import ACCOUNT, INSTANCE


def _check(stack: Stack) -> Iterator[Finding]:
    def look(instance: Seen) -> Iterator[str]:
        group = instance.name.rpartition("-")[0]
        if [one.name for one in stack.linked(instance, "serviceAccount", ACCOUNT)] != [group]:
            yield "its service account is not its own group's"

    yield from each(stack.of(INSTANCE), look)


RULE: Final = StackRule(
    id="gcp-instance-account",
    title="An instance has the service account of its own group.",
    why="Firewalls go by the account: a sentry with a cosigner's would be let in where only cosigners are.",
    remedy="give service_account.email the e-mail address of the account that this stack makes for the group",
    severity=Severity.CRITICAL,
    tags=("identity", "exposure"),
    answers=("CKV_GCP_30", "GCP-0044", "compute_instance_default_service_account_in_use"),
    waivable=False,
    check=_check,
)
