"""Commands hold no secret: their texts, variables and triggers are in the state, in previews and in process lists."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen
from policies.rules.hosts.commands import COMMANDS
from policies.rules.hosts.scanner import secrets_at

PLACES: Final = ("create", "update", "delete", "environment", "interpreter", "stdin", "triggers")


def _check(command: Seen) -> Iterator[str]:
    yield from patiently(PLACES, lambda path: secrets_at(command.get(path), path))


RULE: Final = Rule(
    id="hosts-command-no-secrets",
    title="A command's texts, variables, input and triggers hold nothing that looks like a secret.",
    why="A signer's key in a command is copied to every backup of the state, and each copy can double-sign.",
    remedy="let the host make the secret, or read it there from a file; replace the one that has leaked",
    severity=Severity.CRITICAL,
    tags=("secrets", "signing"),
    waivable=False,
    types=COMMANDS,
    check=_check,
)
