"""An inbound rule opens one port; only tunnels between hosts need ranges, which are the relay's two."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet import ports
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, span

RELAY: Final = ((ports.WAN_FIRST, ports.WAN_LAST), (ports.LAN_FIRST, ports.LAN_LAST))


def _check(firewall: Seen) -> Iterator[str]:
    def rule(one: Block) -> Iterator[str]:
        protocol = one.text("protocol")
        if protocol == "icmp":
            return
        first, last = span(one)
        if first != last and not (protocol == "udp" and (first, last) in RELAY):
            yield f"an inbound rule opens ports {first}-{last} of {protocol}"

    yield from firewall.each_block("inboundRules", rule)


RULE: Final = Rule(
    id="digitalocean-firewall-ports",
    title="An inbound rule opens one port, or one of the relay's ranges.",
    why="A range opens what starts to listen there tomorrow, and nobody decides about that port any more.",
    remedy="set port_range to the one port that a flow of the plan names",
    severity=Severity.HIGH,
    tags=("exposure",),
    types=frozenset({FIREWALL}),
    check=_check,
)
