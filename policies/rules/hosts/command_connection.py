"""Commands reach hosts in one way: as redoubt, on port 22, with a certificate from the agent, through the gateway.

A path of the agent's socket is a difference of every command on another computer; without one SSH_AUTH_SOCK is used.
Gateways and metal are reached directly. What belongs to them is told by the components that a command is a child of:
anybody may give a command a gateway's name.
"""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet import ports
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.hosts.commands import REMOTE, connection, each_leg

LOGIN: Final = "redoubt"
"""`cloudinit.first_boot.LOGIN`."""
OTHERS: Final = ("agentSocketPath", "password", "privateKey", "privateKeyPassword")
DIRECT: Final = re.compile(r"redoubt:(?:baremetal:\w+|\w+:Gateway)")
"""Types of components whose hosts are reached without a gateway before them."""
MOST_DIALS: Final = 100
MOST_SECONDS: Final = 120


def _leg(leg: Block, path: str) -> Iterator[str]:
    for name in OTHERS:
        if leg.get(name):
            yield f"{path}.{name} is set"
    if leg.text("user") != LOGIN:
        yield f"{path} does not log in as {LOGIN}"
    if leg.number("port") != ports.SSH:
        yield f"{path} does not go to port {ports.SSH}"
    if not 1 <= (leg.number("dialErrorLimit") or 0) <= MOST_DIALS:
        yield f"{path}.dialErrorLimit is not between 1 and {MOST_DIALS}"
    if not 1 <= (leg.number("perDialTimeout") or 0) <= MOST_SECONDS:
        yield f"{path}.perDialTimeout is not between 1 and {MOST_SECONDS} seconds"


def _check(command: Seen) -> Iterator[str]:
    yield from each_leg(command, _leg)
    if not _direct(command) and not connection(command).block("proxy").text("host"):
        yield "it reaches a host behind the gateway without the gateway"


def _direct(command: Seen) -> bool:
    """Whether a component that it is a child of has its hosts reached directly. A URN has the types of all of them."""
    types = (command.parent or "").split("::")[2:3]
    return any(DIRECT.fullmatch(one) for chain in types for one in chain.split("$"))


RULE: Final = Rule(
    id="hosts-command-connection",
    title="A command logs in as redoubt on port 22, by the agent's certificate, through the gateway.",
    why="A password or key in a connection lies in the state, and a dial without a limit hangs an update half done.",
    remedy="give connection its host, user, host_key and proxy, and no more; make the command a child of its host's group",
    severity=Severity.HIGH,
    tags=("identity", "secrets"),
    types=REMOTE,
    check=_check,
)
