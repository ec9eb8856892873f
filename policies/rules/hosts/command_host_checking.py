"""No command turns the check of host keys off: `accept-new` and an empty known_hosts take whoever answers first."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from pulumi_policy import Severity

from policies.blocks import OddShape, patiently
from policies.rule import Rule, Seen
from policies.rules.hosts.commands import COMMANDS

PLACES: Final = ("create", "update", "delete", "interpreter", "stdin")
UNCHECKED: Final = re.compile(
    r"(?i)StrictHostKeyChecking[\s=\"'\\]{1,40}(?:no|off|false|0|accept-new)\b"
    r"|UserKnownHostsFile[\s=\"'\\]{1,40}(?:/{1,9}dev/|none\b)"
    r"|ssh-keyscan|NoHostAuthenticationForLocalhost[\s=\"'\\]{1,40}(?:yes|true|1)\b"
)
"""Values of ssh_config(5), on a command line or in a file; ssh-keyscan believes whoever answers as well.

No file of known hosts is in /dev: /dev/zero and /dev/full are as empty as /dev/null, and /dev/stdin is what is piped in.
"""


def _check(command: Seen) -> Iterator[str]:
    def text(path: str) -> Iterator[str]:
        if UNCHECKED.search(_joined(command.get(path))):
            yield f"{path} believes any host key"

    def variable(name: str) -> Iterator[str]:
        if UNCHECKED.search(_joined(command.block("environment").values[name])):  # its name may have dots in it
            yield f"environment.{name} believes any host key"

    def variables() -> Iterator[str]:
        yield from patiently(command.keys("environment"), variable)

    parts = (lambda: patiently(PLACES, text), variables)
    yield from patiently(parts, lambda part: part())


def _joined(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if not isinstance(value, Sequence):
        raise OddShape("a command is neither text nor a list of words")
    return " ".join(str(one) for one in cast("Sequence[Any]", value))


RULE: Final = Rule(
    id="hosts-command-host-checking",
    title="No command turns the check of SSH host keys off.",
    why="A command that believes any host hands what it carries to whoever answers for a signer's address.",
    remedy="pin the key with UserKnownHostsFile and StrictHostKeyChecking=yes",
    severity=Severity.CRITICAL,
    tags=("identity",),
    waivable=False,
    types=COMMANDS,
    check=_check,
)
