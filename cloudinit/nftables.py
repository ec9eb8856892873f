"""The host firewall: nftables rulesets rendered from the flow matrix, default deny in both directions.

One ruleset filters the host's own network, and the mesh where WireGuard stands beside it; hosts whose chain and signer
live in the mesh namespace have a second one in there. A gateway's ruleset also relays: WireGuard packets between fixed
ports, matched by address, never by interface (docs/architecture.md). Rules name no IPv6: it is dropped as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fleet import ports
from fleet.addressing import Address, Symbol
from fleet.discovery import PROVIDERS
from fleet.flows import Flow, Party, address_of
from fleet.hosts import Host
from fleet.plan import Plan

MESH_INTERFACE: Final = "wg0"
ESTABLISHED: Final = "ct state established,related accept"
Addresses = Mapping[str, str]
"""Addresses that providers chose, by the name of their symbol in the plan."""


@dataclass(frozen=True, order=True)
class _Match:
    """What the rules of one row have in common; their peers are then one set."""

    row: str
    on_mesh: bool
    protocol: str
    first_port: int
    last_port: int
    source_port: int | None


def host_ruleset(planned: Plan, host: Host, addresses: Addresses) -> str:
    """The ruleset of a host's own network namespace.

    Args:
        addresses: Every address that a provider chose and that a flow of this host names.

    Raises:
        KeyError: When one is missing.
    """
    inner = () if host.mesh_namespace else ("mesh",)
    carriers = ("public", "site", "link", *inner)
    tables = [_filter(planned, host, addresses, carriers)]
    relays = any(rule.gateway == host.name for rule in planned.relays)
    # Also where nothing is relayed any more: what was there before must go.
    tables.append(_relay(planned, host, addresses) if relays else "\n".join([*_anew("relay")[:2], ""]))
    return "\n".join(tables)


def mesh_ruleset(planned: Plan, host: Host) -> str | None:
    """The ruleset inside the mesh namespace; None where the host has no such namespace."""
    return _filter(planned, host, {}, ("mesh",)) if host.mesh_namespace else None


def _filter(planned: Plan, host: Host, addresses: Addresses, carriers: tuple[str, ...]) -> str:
    rows = [flow for flow in planned.flows if flow.carrier in carriers and not _relayed(host, flow)]
    incoming = [flow for flow in rows if flow.destination.name == host.name]
    outgoing = [flow for flow in rows if flow.source.name == host.name]
    return "\n".join(
        [
            *_anew("redoubt"),
            *_chain("input", [ESTABLISHED, 'iifname "lo" accept', *_rules(planned, incoming, addresses, inward=True)]),
            *_chain("forward", _forwarding(planned, host)),
            *_chain(
                "output",
                [
                    ESTABLISHED,
                    'oifname "lo" accept',
                    *_rules(planned, outgoing, addresses, inward=False),
                    "counter reject",
                ],
            ),
            "}",
            "",
        ]
    )


def _anew(table: str) -> tuple[str, str, str]:
    """A table that replaces the one before it in the same transaction: at no moment is there none, or two of a rule."""
    return f"table inet {table}", f"delete table inet {table}", f"table inet {table} {{"


def _chain(hook: str, rules: Iterable[str]) -> Iterator[str]:
    yield f"  chain {hook} {{"
    yield f"    type filter hook {hook} priority filter; policy drop;"
    for rule in rules:
        yield f"    {rule}"
    yield "  }"


def _forwarding(planned: Plan, host: Host) -> list[str]:
    """A gateway forwards what its relay has rewritten, and the replies; nobody else forwards."""
    relays = any(rule.gateway == host.name for rule in planned.relays)
    return [ESTABLISHED, "ct status dnat accept"] if relays else []


def _relayed(host: Host, flow: Flow) -> bool:
    """Whether a gateway only forwards this leg of a tunnel: then it is the relay's, not the host's own."""
    own = ports.WIREGUARD
    port = flow.source_port if flow.source.name == host.name else flow.first_port
    return host.role == "gateway" and flow.row == "tunnel" and port != own


def _rules(planned: Plan, flows: Iterable[Flow], addresses: Addresses, *, inward: bool) -> Iterator[str]:
    """One rule for each match, with all its peers."""
    peers: dict[_Match, set[str]] = defaultdict(set)
    for flow in flows:
        match = _Match(
            flow.row, flow.carrier == "mesh", flow.protocol, flow.first_port, flow.last_port, flow.source_port
        )
        peers[match].update(_peers(planned, flow, flow.source if inward else flow.destination, addresses))
    for match in sorted(peers, key=lambda one: (one.row, one.on_mesh, one.first_port, one.source_port or 0)):
        yield _rule(match, peers[match], inward=inward)


def _peers(planned: Plan, flow: Flow, party: Party, addresses: Addresses) -> Iterator[str]:
    """The other end of a flow as this host sees it.

    Private addresses that a provider chooses stand for their whole range: a replaced gateway with a new address must not
    lock its site out, and the cloud's firewall, which goes by tag, narrows it.
    """
    host = planned.host.get(party.name)
    if host is None:
        yield from party.cidrs
        return
    address = address_of(host, flow.carrier)
    if address is None:
        raise ValueError(f"{party.name} has no address for a flow over {flow.carrier}: mend fleet/flows.py")
    yield address.within if isinstance(address, Symbol) and flow.carrier == "site" else _known(address, addresses)


def _known(address: Address, addresses: Addresses) -> str:
    return addresses[address.name] if isinstance(address, Symbol) else address


def _rule(match: _Match, peers: set[str], *, inward: bool) -> str:
    interface = "iifname" if inward else "oifname"
    words = [interface, "==" if match.on_mesh else "!=", f'"{MESH_INTERFACE}"']
    if match.row == "metadata":
        words += ["meta", "skuid", "0"]
    if "0.0.0.0/0" in peers:
        words += ["meta", "nfproto", "ipv4"]
    else:
        words += ["ip", "saddr" if inward else "daddr", "{", ", ".join(sorted(peers)), "}"]
    if match.protocol == "icmp":
        words += ["icmp", "type", str(match.first_port), "icmp", "code", str(match.last_port)]
    else:
        first, last = match.first_port, match.last_port
        if match.source_port is not None:
            words += [match.protocol, "sport", str(match.source_port)]
        words += [match.protocol, "dport", str(first) if first == last else f"{first}-{last}"]
    return " ".join([*words, "accept", "comment", f'"{match.row}"'])


def _relay(planned: Plan, gateway: Host, addresses: Addresses) -> str:
    """Both directions of each relayed tunnel, DNAT and SNAT between fixed ports.

    Packets carry the NIC's own address: where a guest does not own its public one (AWS, GCP), that is the private one.
    """
    inside = _known(gateway.private_address or "", addresses)
    owns = PROVIDERS[gateway.provider].guest_owns_public_address
    own = gateway.public_address if owns else gateway.private_address
    outside = _known(own or "", addresses)
    into: list[str] = []
    out: list[str] = []
    for rule in planned.relays:
        if rule.gateway != gateway.name:
            continue
        host = _known(planned.host[rule.host].private_address or "", addresses)
        remote, far = _known(rule.remote_address, addresses), rule.remote_port
        arriving = f"ip saddr {remote} ip daddr {outside} udp sport {far} udp dport {rule.wan_port}"
        leaving = f"ip saddr {host} ip daddr {inside} udp sport {ports.WIREGUARD} udp dport {rule.lan_port}"
        into += [f"{arriving} dnat ip to {host}:{ports.WIREGUARD}", f"{leaving} dnat ip to {remote}:{far}"]
        arrived = f"ip saddr {remote} ip daddr {host} udp sport {far} udp dport {ports.WIREGUARD}"
        left = f"ip saddr {host} ip daddr {remote} udp sport {ports.WIREGUARD} udp dport {far}"
        out += [f"{arrived} snat ip to {inside}:{rule.lan_port}", f"{left} snat ip to {outside}:{rule.wan_port}"]
    tables = [*_nat("prerouting", "dstnat", into), *_nat("postrouting", "srcnat", out)]
    return "\n".join([*_anew("relay"), *tables, "}", ""])


def _nat(hook: str, priority: str, rules: Iterable[str]) -> Iterator[str]:
    yield f"  chain {hook} {{"
    yield f"    type nat hook {hook} priority {priority}; policy accept;"
    for rule in sorted(rules):
        yield f"    {rule}"
    yield "  }"
