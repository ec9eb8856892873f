"""A command knows whom it talks to: without a host key the plugin takes any (pulumi-command, Connection.hostKey)."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.hosts.commands import REMOTE, each_leg

_KEY: Final = re.compile(r"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA[A-Za-z0-9+/]{44}( [^\n]*)?\n?")


def _leg(leg: Block, path: str) -> Iterator[str]:
    if not _KEY.fullmatch(leg.text("hostKey")):
        yield f"{path} has no ed25519 host key to hold the host to"


def _check(command: Seen) -> Iterator[str]:
    yield from each_leg(command, _leg)


RULE: Final = Rule(
    id="hosts-command-host-key",
    title="A command over SSH holds the host and the gateway before it to their ed25519 host keys.",
    why="Whoever stands in the way gets the bundle of a signer, or answers in its place.",
    remedy="set connection.host_key and connection.proxy.host_key to the keys that were read when the hosts were made",
    severity=Severity.CRITICAL,
    tags=("identity",),
    waivable=False,
    types=REMOTE,
    check=_check,
)
