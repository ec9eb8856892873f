"""The flow matrix as rules of cloud firewalls: per group (the hosts of one role in one site), in both directions.

A rule may be wider than the flows behind it, never narrower: it speaks of a whole group, and of whole relay port
ranges, so that adding a host changes few rules. Exact hosts and ports are the host firewall's, the other layer. Wider is
bounded: a rule towards the Internet never covers a range of the fleet, and a group only ever means one role in one site.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Final, Literal

from fleet import ports
from fleet.addressing import RFC1918, Symbol
from fleet.flows import INTERNET_OUT, Flow, Party, Protocol, address_of
from fleet.hosts import Host, SitePlan

Direction = Literal["ingress", "egress"]
PeerKind = Literal["group", "cidr", "symbol"]

TUNNEL_RANGES: Final = ((ports.WAN_FIRST, ports.WAN_LAST), (ports.LAN_FIRST, ports.LAN_LAST))


@dataclass(frozen=True, order=True, kw_only=True)
class GroupRule:
    """One rule of a cloud firewall.

    Attributes:
        group: The group it belongs to, for example `s1-sentry`.
        peer_kind: `group`: hosts of a group of the same site; `cidr`: a range; `symbol`: an address that a provider
            chooses.
        peer: The group's name, the range, or the symbol's name.
        first_port: First port; the type for ICMP.
        last_port: Last port; the code for ICMP.
        row: The kind of row in the flow matrix that it serves.
        reason: Why, in words; stands in the rule's description.
    """

    group: str
    direction: Direction
    protocol: Protocol
    first_port: int
    last_port: int
    peer_kind: PeerKind
    peer: str
    row: str
    reason: str

    @property
    def key(self) -> str:
        """A name of its own for the rule, built from what it says: a rule that stays the same keeps its name."""
        where = {"ingress": "from", "egress": "to"}[self.direction]
        port = f"{self.first_port}" if self.first_port == self.last_port else f"{self.first_port}-{self.last_port}"
        peer = self.peer.translate(str.maketrans({"/": "_", "(": "-", ")": ""}))
        return f"{self.group}-{self.protocol}-{port}-{where}-{peer}"


def group_rules(flows: Sequence[Flow], sites: Sequence[SitePlan], hosts: Sequence[Host]) -> tuple[GroupRule, ...]:
    """All rules of all groups, each once, sorted. Flows inside tunnels and on the link are no cloud firewall's."""
    by_name = {host.name: host for host in hosts}
    outside = _outside_fleet(sites)
    found: dict[tuple[object, ...], GroupRule] = {}
    for flow in flows:
        if flow.carrier in ("mesh", "link"):
            continue
        for rule in _rules(flow, by_name, outside):
            said = replace(rule, row="", reason="")
            found.setdefault((said,), rule)
    return tuple(sorted(found.values()))


def _rules(flow: Flow, hosts: dict[str, Host], outside: tuple[str, ...]) -> Iterator[GroupRule]:
    """The rules that one flow needs: one where it leaves and one where it arrives."""
    first, last = _port_range(flow)
    source, destination = hosts.get(flow.source.name), hosts.get(flow.destination.name)
    if source is not None and source.provider != "baremetal":
        for kind, peer in _peers(flow, flow.destination, destination, outside):
            yield _rule(source.group, "egress", flow, first, last, kind, peer)
    if destination is not None and destination.provider != "baremetal":
        for kind, peer in _peers(flow, flow.source, source, outside):
            yield _rule(destination.group, "ingress", flow, first, last, kind, peer)


def _rule(group: str, direction: Direction, flow: Flow, first: int, last: int, kind: PeerKind, peer: str) -> GroupRule:
    return GroupRule(
        group=group,
        direction=direction,
        protocol=flow.protocol,
        first_port=first,
        last_port=last,
        peer_kind=kind,
        peer=peer,
        row=flow.row,
        reason=flow.reason,
    )


def _port_range(flow: Flow) -> tuple[int, int]:
    """The flow's ports; a relay port stands for its whole range, so that there is one rule for each peer."""
    if flow.row == "tunnel":
        for first, last in TUNNEL_RANGES:
            if first <= flow.first_port <= last:
                return first, last
    return flow.first_port, flow.last_port


def _peers(flow: Flow, party: Party, host: Host | None, outside: tuple[str, ...]) -> Iterator[tuple[PeerKind, str]]:
    """How a cloud firewall names the other end of a flow."""
    if host is None:
        for cidr in outside if party == INTERNET_OUT else party.cidrs:
            yield "cidr", cidr
    elif flow.carrier == "site":
        yield "group", host.group
    else:
        address = address_of(host, flow.carrier)
        if isinstance(address, Symbol):
            yield "symbol", address.name
        elif address is not None:
            yield "cidr", f"{address}/32"


def _outside_fleet(sites: Sequence[SitePlan]) -> tuple[str, ...]:
    """All of IPv4 but the private blocks (RFC 1918) that hold a range of the fleet, as the fewest CIDR blocks.

    A VPC routes no other private range, and each block that is left out costs rules of a quota of 60.
    """
    ranges = [IPv4Network(site.cidr) for site in sites if site.cidr is not None]
    rest = [IPv4Network("0.0.0.0/0")]
    for block in RFC1918:
        if any(inner.subnet_of(block) for inner in ranges):
            rest = [piece for one in rest for piece in (one.address_exclude(block) if block.subnet_of(one) else [one])]
    return tuple(str(block) for block in sorted(rest))
