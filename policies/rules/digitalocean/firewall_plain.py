"""A firewall rule allows one of the three protocols that DigitalOcean filters, and says the port where there is one.

The SDK also has `action`, of which the provider's source knows nothing: a `deny` that is dropped on the way would allow.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, both_ways

WITH_PORTS: Final = ("tcp", "udp")


def _plain(rule: Block) -> Iterator[str]:
    if rule.text("action") not in ("", "allow"):
        yield "a rule does something else than allow"
    protocol = rule.text("protocol")
    if protocol not in (*WITH_PORTS, "icmp"):
        yield "a rule names a protocol that DigitalOcean does not filter"
    if protocol in WITH_PORTS and not rule.text("portRange"):
        yield f"a rule of {protocol} says no port"


def _check(firewall: Seen) -> Iterator[str]:
    yield from both_ways(firewall, _plain, _plain)


RULE: Final = Rule(
    id="digitalocean-firewall-plain",
    title="A firewall rule allows tcp, udp or icmp, and says the port.",
    why="A rule that means less to DigitalOcean than to its reader opens a host that looks closed.",
    remedy="set protocol and port_range, and leave action out",
    severity=Severity.MEDIUM,
    tags=("exposure",),
    types=frozenset({FIREWALL}),
    check=_check,
)
