"""From a wide range only a sentry's p2p port is open, and ICMP to public hosts, which path MTU discovery needs.

DigitalOcean cannot tell ICMP types apart. Private hosts take ICMP from private ranges alone: their site's.
"""

import ipaddress
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.addressing import RFC1918
from fleet.ports import P2P
from fleet.roles import PUBLIC_ROLES
from policies.blocks import Block
from policies.ranges import is_wide
from policies.roles import tagged_role
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, span


def _check(firewall: Seen) -> Iterator[str]:
    def rule(one: Block) -> Iterator[str]:
        protocol, (first, last) = one.text("protocol"), span(one)
        p2p = protocol == "tcp" and first == P2P == last

        def source(cidr: str) -> Iterator[str]:
            if not is_wide(cidr):
                return
            if protocol == "icmp":
                if not _is_private(cidr) and tagged_role(firewall) not in PUBLIC_ROLES:
                    yield f"{cidr} reaches a private role by icmp"
            elif not p2p or tagged_role(firewall) != "sentry":
                yield f"{cidr} reaches ports {first}-{last} by {protocol}"

        yield from one.each_text("sourceAddresses", source)

    yield from firewall.each_block("inboundRules", rule)


def _is_private(cidr: str) -> bool:
    try:
        network = ipaddress.IPv4Network(cidr, strict=False)
    except ValueError:
        return False
    return any(network.subnet_of(block) for block in RFC1918)


RULE: Final = Rule(
    id="digitalocean-firewall-ingress",
    title="A wide range reaches a sentry's p2p port and public hosts' ICMP, and nothing else.",
    why="Each port that everybody reaches is one more program of a signer's or gateway's host to attack.",
    remedy="name the tags of groups or the addresses of peers in source_tags and source_addresses",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=("CKV_DIO_4", "DIG-0001"),
    waivable=False,
    types=frozenset({FIREWALL}),
    check=_check,
)
