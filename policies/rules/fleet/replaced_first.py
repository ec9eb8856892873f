"""Of a host that is replaced the old machine goes first: for a moment there would be two with one shard.

A state does not hold this option, so over a state alone nothing can be said (tried with `pulumi policy analyze` 3.259.0).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import MACHINES
from policies.rule import Finding, Stack, StackRule
from policies.rules.fleet.one_machine import ATTACHMENTS

FIXED: Final = ("aws:ec2/instance:Instance", "gcp:compute/instance:Instance", "aws:ec2/eipAssociation:EipAssociation")
"""What holds an address of the plan, which two cannot hold at once."""


def _check(stack: Stack) -> Iterator[Finding]:
    if not any(one.delete_before_replace for one in stack.resources):
        return
    with_volume = {
        machine.urn
        for one in stack.of(*ATTACHMENTS)
        for machine in stack.linked(one, ATTACHMENTS[one.type][0], *MACHINES)
    }
    for one in stack.resources:
        if one.delete_before_replace:
            continue
        if one.type in FIXED or one.type in ATTACHMENTS:
            yield Finding(one.urn, "a replacement of it is made before it goes, and both hold the same thing")
        elif one.urn in with_volume:
            yield Finding(one.urn, "a replacement of it is made before it goes, and its volume is the signer's")


RULE: Final = StackRule(
    id="fleet-replaced-first",
    title="A machine with a fixed address or a volume, and what attaches them, is deleted before its replacement is made.",
    why="Two machines of one cosigner sign two blocks at one height, which costs the stake.",
    remedy="leave delete_before_replace=True in its options",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
