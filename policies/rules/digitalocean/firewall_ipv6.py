"""No firewall rule names an IPv6 range: droplets have none, so such a rule only waits for one that gets an address."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, both_ways


def _address(cidr: str) -> Iterator[str]:
    if ":" in cidr:
        yield f"a rule names the IPv6 range {cidr}"


def _inward(rule: Block) -> Iterator[str]:
    yield from rule.each_text("sourceAddresses", _address)


def _outward(rule: Block) -> Iterator[str]:
    yield from rule.each_text("destinationAddresses", _address)


def _check(firewall: Seen) -> Iterator[str]:
    yield from both_ways(firewall, _inward, _outward)


RULE: Final = Rule(
    id="digitalocean-firewall-ipv6",
    title="No firewall rule names an IPv6 range.",
    why="The flow matrix and the proofs speak of IPv4 alone: what IPv6 lets in, nobody has checked.",
    remedy="take the IPv6 range out of the rule",
    severity=Severity.MEDIUM,
    tags=("exposure",),
    types=frozenset({FIREWALL}),
    check=_check,
)
