"""The plan's group rules as DigitalOcean writes them: one rule for each direction, protocol and port range.

A firewall of DigitalOcean cannot tell ICMP types apart, so all ICMP rules of a direction become one without ports: wider
than the flow behind it, and narrowed by the host firewall. Nothing here names an IPv6 range.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from fleet.cloudrules import Direction, GroupRule
from fleet.flows import Protocol

Part = Literal["base", "peers"]
"""`base` needs nothing that a provider chooses and is there before the droplets; `peers` names other sites' addresses."""


@dataclass(frozen=True, order=True, kw_only=True)
class MergedRule:
    """One rule with all its peers.

    Attributes:
        port_range: One port or a range, `22` or `51840-51903`; None for ICMP.
        cidrs: Ranges, sorted.
        groups: Groups of the same site, sorted.
        symbols: Names of addresses that a provider chooses, sorted.
    """

    direction: Direction
    protocol: Protocol
    port_range: str | None
    cidrs: tuple[str, ...]
    groups: tuple[str, ...]
    symbols: tuple[str, ...]


def part_of(rule: GroupRule) -> Part:
    """Which firewall of its group a rule belongs to."""
    return "peers" if rule.peer_kind == "symbol" else "base"


def port_range(rule: GroupRule) -> str | None:
    """The ports of a rule. All ports are `1-65535`: the API gives `all` back as another word."""
    if rule.protocol == "icmp":
        return None
    return f"{rule.first_port}" if rule.first_port == rule.last_port else f"{rule.first_port}-{rule.last_port}"


def merged(rules: Iterable[GroupRule]) -> tuple[MergedRule, ...]:
    """The rules of one group, peers merged: the same rules in any order give the same result."""

    def key(rule: GroupRule) -> tuple[Direction, Protocol, str]:
        return rule.direction, rule.protocol, port_range(rule) or ""

    return tuple(
        MergedRule(
            direction=direction,
            protocol=protocol,
            port_range=ports or None,
            cidrs=_peers(same, "cidr"),
            groups=_peers(same, "group"),
            symbols=_peers(same, "symbol"),
        )
        for (direction, protocol, ports), same in (
            (found, list(members)) for found, members in groupby(sorted(rules, key=key), key)
        )
    )


def _peers(rules: Iterable[GroupRule], kind: str) -> tuple[str, ...]:
    return tuple(sorted({rule.peer for rule in rules if rule.peer_kind == kind}))
