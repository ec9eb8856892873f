"""A data disk belongs to the host that it is named after: on another host a signer's state has a second writer."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import ATTACHMENT, DISK, INSTANCE

WRITABLE: Final = ("", "READ_WRITE")
"""What is not set is the provider's default, which is the same."""


def _check(stack: Stack) -> Iterator[Finding]:
    def look(attachment: Seen) -> Iterator[str]:
        disks = [one.name for one in stack.linked(attachment, "disk", DISK)]
        hosts = [one.name for one in stack.linked(attachment, "instance", INSTANCE)]
        if len(disks) != 1 or disks != hosts:
            yield "it does not join a host with its own disk"
        if attachment.text("mode") not in WRITABLE:
            yield "its host cannot write its state"

    yield from each(stack.of(ATTACHMENT), look)


RULE: Final = StackRule(
    id="gcp-disk-attachment",
    title="A data disk is attached to its own host, to be written.",
    why="A signer that finds another's state, or cannot keep its own, signs a height twice.",
    remedy='take disk and instance of one host, and set mode to "READ_WRITE"',
    severity=Severity.CRITICAL,
    tags=("signing", "durability"),
    waivable=False,
    check=_check,
)
