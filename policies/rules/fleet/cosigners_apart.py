"""No provider that is lost, seized or taken over holds a quorum, or takes one away."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.roles import MACHINES, role
from policies.rule import Finding, Stack, StackRule


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)
    threshold = plan.signing.threshold
    if plan.accepted_single_provider is not None:
        return
    held = Counter(one.type.partition(":")[0] for one in stack.of(*MACHINES) if role(one) == "cosigner")
    shards = [plan.host[name] for name in plan.signing.shards]
    held.update(f"s{one.site_id}" for one in shards if one.provider == "baremetal")
    for place, count in sorted(held.items()):
        if count >= threshold:
            yield Finding("", f"{place} holds {count} cosigners, and {threshold} sign: it alone could sign")
        if held.total() - count < threshold:
            yield Finding("", f"without {place} {held.total() - count} cosigners are left, and {threshold} sign")


RULE: Final = StackRule(
    id="fleet-cosigners-apart",
    title="No provider, and no metal location, holds a quorum or takes one away when it is lost.",
    why="Whoever holds a quorum can sign two blocks at one height; whoever takes it away stops the validator.",
    remedy="spread the cosigners over more providers, or accept the risk in signer.accepted_risks with its reason",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
