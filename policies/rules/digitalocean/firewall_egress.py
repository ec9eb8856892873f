"""Only TCP goes out to wide ranges: from sentries to any port, as peers listen anywhere; from others to HTTPS alone."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet import ports
from policies.blocks import Block
from policies.ranges import is_wide
from policies.roles import tagged_role
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, span


def _check(firewall: Seen) -> Iterator[str]:
    def rule(one: Block) -> Iterator[str]:
        protocol, (first, last) = one.text("protocol"), span(one)
        https = first == last == ports.HTTPS

        def destination(cidr: str) -> Iterator[str]:
            if not is_wide(cidr) or (protocol == "tcp" and https):
                return
            if protocol != "tcp" or tagged_role(firewall) != "sentry":
                yield f"it may reach ports {first}-{last} of {cidr} by {protocol}"

        yield from one.each_text("destinationAddresses", destination)

    yield from firewall.each_block("outboundRules", rule)


RULE: Final = Rule(
    id="digitalocean-firewall-egress",
    title="Only sentries reach wide ranges on any port, by TCP; other groups reach HTTPS alone.",
    why="A way out to anywhere is how a stolen shard leaves a host, and how an intruder is told what to do.",
    remedy="name destination_tags or single addresses, or send the flow through the gateway's proxy",
    severity=Severity.HIGH,
    tags=("egress",),
    answers=("DIG-0003",),
    types=frozenset({FIREWALL}),
    check=_check,
)
