"""Commands of pulumi-command 1.2.1, as rules see them."""

from collections.abc import Callable, Iterator
from typing import Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from policies.blocks import Block
from policies.rule import Seen

LOCAL: Final = "command:local:Command"
REMOTE: Final = frozenset({"command:remote:Command", "command:remote:CopyToRemote"})
COMMANDS: Final = REMOTE | {LOCAL}
DEFAULTS: Final = {"dialErrorLimit": 10, "perDialTimeout": 15, "port": 22, "user": "root"}
"""What the plugin fills in."""


def connection(command: Seen) -> Block:
    """The connection of a command.

    Raises:
        UnknownValueError: When a part of it is unknown. The plugin then makes all of it unknown and fills its defaults in,
            so that a preview shows a host without a name, a key and a proxy (tried with 1.2.1). A program that names no
            host and nothing else cannot be told from that, and is deferred too: its command reaches nobody.
    """
    found = command.block("connection")
    if {name: found.get(name) for name in found.values if name != "__defaults"} == {"host": "", **DEFAULTS}:
        raise UnknownValueError(UNKNOWN_STRING_VALUE, ["connection"])
    return found


def each_leg(command: Seen, look: Callable[[Block, str], Iterator[str]]) -> Iterator[str]:
    """What is found in the connection, and in its proxy where it has one."""
    found = connection(command)
    yield from look(found, "connection")
    if found.get("proxy") is not None:
        yield from look(found.block("proxy"), "connection.proxy")
