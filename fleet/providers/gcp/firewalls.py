"""Group rules gathered into GCP firewalls: one for each group, direction, protocol, port range and kind of peer.

GCP counts firewalls by project and lets each hold many ranges, where AWS counts rules: a rule for each peer would use the
quota up. A firewall is named after those keys alone, so a peer or a host that comes or goes is an update in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from fleet.cloudrules import Direction, GroupRule
    from fleet.flows import Protocol

    _Key = tuple[str, Direction, Protocol, int, int, "PeersKind"]

PeersKind = Literal["groups", "ranges"]

DENY_ALL: Final = 4
"""Firewalls of every network beside the gathered ones: nothing in and nothing out, IPv4 and IPv6."""
DESCRIPTION_LIMIT: Final = 2048
"""Characters of a description (general knowledge of the Compute API, not verified)."""


@dataclass(frozen=True, order=True, kw_only=True)
class GatheredRules:
    """What one firewall allows.

    Attributes:
        group: Whose traffic it speaks of.
        first_port: First port; 0 for ICMP, whose types GCP does not tell apart.
        last_port: Last port; 0 for ICMP.
        peers_kind: `groups`: hosts of groups of the same site; `ranges`: addresses, known or chosen by a provider.
        rules: The plan's rules behind it, sorted.
    """

    group: str
    direction: Direction
    protocol: Protocol
    first_port: int
    last_port: int
    peers_kind: PeersKind
    rules: tuple[GroupRule, ...]

    @property
    def name(self) -> str:
        """The logical name, for example `s1-sentry-tcp-26656-from-ranges`."""
        where = {"ingress": "from", "egress": "to"}[self.direction]
        ports = "-".join((self.protocol, *self.ports))
        return f"{self.group}-{ports}-{where}-{self.peers_kind}"

    @property
    def ports(self) -> tuple[str, ...]:
        """Its ports as GCP writes them, one range; none for ICMP."""
        if self.protocol == "icmp":
            return ()
        return (f"{self.first_port}" if self.first_port == self.last_port else f"{self.first_port}-{self.last_port}",)

    @property
    def peers(self) -> tuple[tuple[str, str], ...]:
        """Kind and name of each peer, once, sorted."""
        return tuple(sorted({(rule.peer_kind, rule.peer) for rule in self.rules}))

    @property
    def description(self) -> str:
        """The rows that it serves, each with its reason."""
        return "; ".join(sorted({f"{rule.row}: {rule.reason}" for rule in self.rules}))[:DESCRIPTION_LIMIT]


def gathered(rules: Iterable[GroupRule]) -> tuple[GatheredRules, ...]:
    """The firewalls that say what these rules say, sorted."""
    found: dict[_Key, list[GroupRule]] = {}
    for rule in rules:
        found.setdefault(_key(rule), []).append(rule)
    return tuple(_gathered(key, inside) for key, inside in sorted(found.items()))


def _key(rule: GroupRule) -> _Key:
    first, last = (0, 0) if rule.protocol == "icmp" else (rule.first_port, rule.last_port)
    kind: PeersKind = "groups" if rule.peer_kind == "group" else "ranges"
    return rule.group, rule.direction, rule.protocol, first, last, kind


def _gathered(key: _Key, rules: list[GroupRule]) -> GatheredRules:
    group, direction, protocol, first, last, kind = key
    return GatheredRules(
        group=group,
        direction=direction,
        protocol=protocol,
        first_port=first,
        last_port=last,
        peers_kind=kind,
        rules=tuple(sorted(rules)),
    )
