"""No command runs when it goes: a delete command runs when a host is replaced, dropped or destroyed, in any order."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.commands import COMMANDS


def _check(command: Seen) -> Iterator[str]:
    if command.get("delete"):
        yield "it has a delete command"


RULE: Final = Rule(
    id="hosts-command-no-delete",
    title="No command has a delete command.",
    why="On a host that is being replaced it would stop or wipe the signer that is meant to go on.",
    remedy="leave delete out, and take down by an operation that asks for the quorum first",
    severity=Severity.HIGH,
    tags=("signing", "durability"),
    waivable=False,
    types=COMMANDS,
    check=_check,
)
