"""GCP itself refuses to delete the hosts that no destroy may take, whoever asks: the console and gcloud know no Pulumi.

A host that the config lets go has to lose its lock: a destroy does not lift it.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import INSTANCE


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    kept = {host.name for host in plan.hosts if plan.keeps(host)}

    def look(instance: Seen) -> Iterator[str]:
        if instance.name in kept and instance.flag("deletionProtection") is not True:
            yield "one click in the console deletes it"

    yield from each(stack.of(INSTANCE), look)


RULE: Final = StackRule(
    id="gcp-instance-deletion-lock",
    title="Gateways, validators and cosigners are locked against deletion.",
    why="A deleted cosigner takes its key shard's host along; two at once can end signing.",
    remedy="set deletion_protection to True; to let a host go, name it in let_go of the stack file",
    severity=Severity.HIGH,
    tags=("durability", "signing"),
    answers=("compute_instance_deletion_protection_enabled",),
    waivable=False,
    check=_check,
)
