"""Commands hold no secret: their texts, variables and triggers are in the state, in previews and in process lists.

What is copied to a host is read as well, so it has to be a text of the program: a file or an archive of the computer that
runs Pulumi is not shown to rules. Nothing is copied to where logins have their keys.
"""

from collections.abc import Iterator
from typing import Final

from pulumi import StringAsset
from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen
from policies.rules.hosts.commands import COMMANDS
from policies.rules.hosts.scanner import secrets_at

PLACES: Final = ("create", "update", "delete", "environment", "interpreter", "stdin", "triggers")
LOGINS: Final = frozenset({"root", ".ssh"})
"""Folders that hold what a login reads."""


def _check(command: Seen) -> Iterator[str]:
    def copied() -> Iterator[str]:
        source = command.get("source")
        if isinstance(source, StringAsset):
            yield from secrets_at(source.text, "source")
        elif source is not None:
            yield "source is no text of the program, so nobody can say that it holds no secret"

    def target() -> Iterator[str]:
        if not LOGINS.isdisjoint(command.text("remotePath").split("/")):
            yield "remotePath is in the home of root, or where a login has its keys"

    def place(path: str) -> Iterator[str]:
        yield from secrets_at(command.get(path), path)

    looks = [copied, target, lambda: patiently(PLACES, place)]
    yield from patiently(looks, lambda look: look())


RULE: Final = Rule(
    id="hosts-command-no-secrets",
    title="A command's texts, variables, input, triggers and copied files hold nothing that looks like a secret.",
    why="A signer's key in a command is copied to every backup of the state, and each copy can double-sign.",
    remedy="let the host make the secret, or read it there from a file; replace one that has leaked; copy a StringAsset",
    severity=Severity.CRITICAL,
    tags=("secrets", "signing"),
    waivable=False,
    types=COMMANDS,
    check=_check,
)
