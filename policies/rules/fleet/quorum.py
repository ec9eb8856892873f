"""The group that signs is the one that was planned: each shard on one host, and no other host is a cosigner."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.intended import planned
from policies.roles import MACHINES, role
from policies.rule import Finding, Stack, StackRule


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)  # which refuses a threshold that is no majority, and a host with two shards
    machines = Counter(one.name for one in stack.of(*MACHINES))
    for name in plan.signing.shards:
        if plan.host[name].provider != "baremetal" and machines[name] != 1:
            yield Finding("", f"a shard is planned for {name}, and {machines[name]} machines are called so")
    for one in stack.of(*MACHINES):
        if role(one) == "cosigner" and one.name not in plan.signing.shards:
            yield Finding(one.urn, "it is a cosigner, and no shard is planned for it")


RULE: Final = StackRule(
    id="fleet-quorum",
    title="More than half of the shards sign, each is on one host of its own, and no other host is a cosigner.",
    why="Two groups of cosigners with one key sign two blocks at one height, which costs the stake.",
    remedy="correct signer.threshold and signer.shards in the stack file",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
