"""A firewall allows TCP or UDP at ports that it names, or ICMP: what it does not name it opens."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import FIREWALL
from policies.rules.gcp.traffic import protocol

WITH_PORTS: Final = ("tcp", "udp")
WITHOUT_PORTS: Final = "icmp"


def _entry(entry: Block) -> Iterator[str]:
    name = protocol(entry)
    if name not in (*WITH_PORTS, WITHOUT_PORTS):
        yield f"it allows protocol {name!r}"
    elif name in WITH_PORTS and not entry.get("ports"):
        yield f"it allows every port of {name}"


def _check(firewall: Seen) -> Iterator[str]:
    yield from firewall.each_block("allows", _entry)


RULE: Final = Rule(
    id="gcp-firewall-protocols",
    title="A firewall allows TCP and UDP at named ports, and ICMP.",
    why="An entry for all protocols makes the network one machine: who has a sentry has the rest.",
    remedy='give allows a protocol of "tcp", "udp" or "icmp", and ports to the first two',
    severity=Severity.HIGH,
    tags=("exposure", "egress"),
    answers=("GCP-0072",),
    types=frozenset({FIREWALL}),
    check=_check,
)
