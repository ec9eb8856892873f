"""The WireGuard mesh: which pairs have a tunnel, where each end sends its packets, and what the gateways relay.

Two hosts behind NAT in different clouds cannot reach each other, so between sites a private host is reached through its
gateway, which forwards ciphertext between fixed ports: every host has one wan port at its own gateway, and at each
gateway every remote peer has one lan port. With a plain masquerade WireGuard would roam to a port that only conntrack
knows, and a restarted gateway would leave both ends sending into the void.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from fleet.addressing import Address
from fleet.hosts import Host
from fleet.ports import WIREGUARD, lan_port
from fleet.problems import Problem


@dataclass(frozen=True, order=True, kw_only=True)
class Endpoint:
    """Where one end of a tunnel sends its packets (UDP)."""

    address: Address
    port: int


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One tunnel.

    Attributes:
        a: Name of one end, the earlier in the plan's order.
        b: Name of the other.
        purposes: The mesh flows that need it.
        from_a: Where `a` sends; None where it waits for `b` to open the tunnel.
        from_b: Where `b` sends; None where it waits for `a`.
    """

    a: str
    b: str
    purposes: tuple[str, ...]
    from_a: Endpoint | None
    from_b: Endpoint | None


@dataclass(frozen=True, kw_only=True)
class RelayRule:
    """What one gateway does for one host of its site and one remote peer, in both directions, by fixed ports.

    From inside: host:51820 -> gateway's private address:lan_port becomes gateway:wan_port -> remote_address:remote_port.
    From outside: remote_address:remote_port -> gateway:wan_port becomes gateway's private address:lan_port -> host:51820.
    """

    gateway: str
    host: str
    peer: str
    wan_port: int
    lan_port: int
    remote_address: Address
    remote_port: int


def wanted_pairs(hosts: Sequence[Host], dialers: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The pairs that a mesh flow needs, with the flows: no tunnel stands between a sentry and a cosigner."""
    by_role: dict[str, list[Host]] = defaultdict(list)
    for host in hosts:
        by_role[host.role].append(host)
    order = {host.name: index for index, host in enumerate(hosts)}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)

    def want(one: str, other: str, purpose: str) -> None:
        if one != other:
            pair = (one, other) if order[one] < order[other] else (other, one)
            if purpose not in found[pair]:
                found[pair].append(purpose)

    for one, other in product(by_role["cosigner"], repeat=2):
        want(one.name, other.name, "cosigner")
    for validator, served_by in dialers.items():
        for cosigner in served_by:
            want(cosigner, validator, "privval")
    for validator, sentry in product(by_role["validator"], by_role["sentry"]):
        want(validator.name, sentry.name, "p2p")
    for monitor, host in product(by_role["monitor"], hosts):
        want(monitor.name, host.name, "metrics")
    return {pair: tuple(found[pair]) for pair in sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))}


def mesh_pairs(hosts: Sequence[Host], dialers: Mapping[str, Sequence[str]]) -> tuple[Pair, ...]:
    """All tunnels, each with the endpoints of both ends."""
    by_name = {host.name: host for host in hosts}
    gateways = {host.site_id: host for host in hosts if host.role == "gateway"}
    return tuple(
        Pair(
            a=a,
            b=b,
            purposes=purposes,
            from_a=endpoint(by_name[a], by_name[b], gateways),
            from_b=endpoint(by_name[b], by_name[a], gateways),
        )
        for (a, b), purposes in wanted_pairs(hosts, dialers).items()
    )


def endpoint(host: Host, peer: Host, gateways: Mapping[int, Host]) -> Endpoint | None:
    """Where `host` sends packets for `peer`; None where the peer can only be waited for."""
    if host.site_id == peer.site_id and peer.private_address is not None:
        return Endpoint(address=peer.private_address, port=WIREGUARD)
    if host.relayed:
        address = gateways[host.site_id].private_address
        return Endpoint(address=address, port=lan_port(peer.site_id, peer.slot)) if address is not None else None
    return outside(peer, gateways) if peer.accepts_udp else None


def outside(peer: Host, gateways: Mapping[int, Host]) -> Endpoint | None:
    """Where a peer is reached from the Internet: at itself, or at its wan port on its gateway."""
    if peer.public_address is not None:
        return Endpoint(address=peer.public_address, port=WIREGUARD)
    address = gateways[peer.site_id].public_address
    if address is None or peer.wan_port is None:
        return None
    return Endpoint(address=address, port=peer.wan_port)


def relay_rules(hosts: Sequence[Host], pairs: Sequence[Pair]) -> tuple[RelayRule, ...]:
    """What the gateways forward, by gateway and wan port."""
    by_name = {host.name: host for host in hosts}
    gateways = {host.site_id: host for host in hosts if host.role == "gateway"}
    found: list[RelayRule] = []
    for pair in pairs:
        for host, peer in ((by_name[pair.a], by_name[pair.b]), (by_name[pair.b], by_name[pair.a])):
            remote = outside(peer, gateways)
            if host.site_id == peer.site_id or host.wan_port is None or remote is None:
                continue
            found.append(
                RelayRule(
                    gateway=gateways[host.site_id].name,
                    host=host.name,
                    peer=peer.name,
                    wan_port=host.wan_port,
                    lan_port=lan_port(peer.site_id, peer.slot),
                    remote_address=remote.address,
                    remote_port=remote.port,
                )
            )
    return tuple(sorted(found, key=lambda rule: (rule.gateway, rule.wan_port, rule.lan_port)))


def unreachable_pairs(hosts: Sequence[Host], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Pairs in which neither side can open the tunnel."""
    labels = {host.name: host.label for host in hosts}
    for pair in pairs:
        if pair.from_a is None and pair.from_b is None:
            yield Problem(
                "sites",
                f"{labels[pair.a]} and {labels[pair.b]} need a tunnel and neither accepts one",
                "let one of them accept UDP port 51820 (accepts_udp: true), or move its role to another site",
            )
