"""Reads a host's nftables ruleset: the grammar that `cloudinit.nftables` writes, and nothing beyond it.

A line that is not understood is refused, never passed over. Packets of connections that are known already are let
through by every chain; the filters here are about packets that open one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fleet.proofs.model import (
    ANYWHERE,
    EVERY_PORT,
    IPV4,
    Filter,
    Protocol,
    Relay,
    Rule,
    Span,
    Spans,
    merged,
    point,
    span,
)
from fleet.proofs.reading.resources import ALL_PROTOCOLS, ReadingError

MESH_INTERFACE = "wg0"
CHAIN = re.compile(r"chain (\w+) \{")
HOOK = re.compile(r"type (filter|nat) hook (\w+) priority (\w+); policy (accept|drop);")
FILTERS = {("filter", "filter", "drop"), ("filter", "filter", "accept")}
KNOWN = {
    ("redoubt", "input"): FILTERS,
    ("redoubt", "forward"): FILTERS,
    ("redoubt", "output"): FILTERS,
    ("relay", "prerouting"): {("nat", "dstnat", "accept")},
    ("relay", "postrouting"): {("nat", "srcnat", "accept")},
}
"""Tables with the hooks of their chains, and the type, priority and policy that each may have: any other order would
translate too late or too early."""
ESTABLISHED = "ct state established,related accept"
RELAYED = "ct status dnat accept"
FORWARDED = {ESTABLISHED, RELAYED}
PASSED = {ESTABLISHED, 'iifname "lo" accept', 'oifname "lo" accept'}
"""Lines that decide nothing about a packet that opens a connection on a network interface."""
REFUSED = {"counter reject", "counter drop", "reject", "drop"}
COMMENT = re.compile(r' comment "[^"]*"$')
NAT = re.compile(
    r"ip saddr (?P<saddr>\S+) ip daddr (?P<daddr>\S+) udp sport (?P<sport>\d+) udp dport (?P<dport>\d+) "
    r"(?P<kind>[ds]nat) ip to (?P<to>[\d.]+):(?P<port>\d+)"
)


@dataclass
class Ruleset:
    """What one network namespace filters and translates."""

    outside: Filter = field(default_factory=Filter)
    mesh: Filter = field(default_factory=Filter)
    forwards: bool = False
    forwards_anything: bool = False
    relays: tuple[Relay, ...] = ()


@dataclass
class _Chain:
    name: str
    hook: str = ""
    accepts: bool = False
    made_as: tuple[str, str, str] = ("", "", "")
    lines: list[str] = field(default_factory=list[str])


def read_ruleset(text: str, where: str) -> Ruleset:
    """Reads a ruleset.

    Args:
        where: Whose it is, for messages.

    Raises:
        ReadingError: When a line is none of the grammar's.
    """
    try:
        return _ruleset(text, where)
    except ValueError as error:
        raise ReadingError(f"{where}: {error}") from None


def _ruleset(text: str, where: str) -> Ruleset:
    chains: dict[tuple[str, str], _Chain] = {}
    for table, chain in _chains(text, where):
        place = (table, chain.hook)
        if place not in KNOWN or place in chains or chain.made_as not in KNOWN[place]:
            raise ReadingError(f"{where}: chain {chain.name} of table {table} is not modelled by the proofs")
        chains[place] = chain
    empty = {"input": _Chain("input", accepts=True), "output": _Chain("output", accepts=True)}
    incoming = chains.get(("redoubt", "input"), empty["input"])
    outgoing = chains.get(("redoubt", "output"), empty["output"])
    forward = chains.get(("redoubt", "forward"), _Chain("forward", accepts=True))
    unknown = [line for line in forward.lines if line not in FORWARDED]
    if unknown:
        raise ReadingError(f"{where}: {unknown[0]!r} is not modelled by the proofs")
    inward, outward = _rules(incoming, where), _rules(outgoing, where)
    return Ruleset(
        outside=_filter(incoming, outgoing, inward, outward, on_mesh=False),
        mesh=_filter(incoming, outgoing, inward, outward, on_mesh=True),
        forwards=forward.accepts or RELAYED in forward.lines,
        forwards_anything=forward.accepts,
        relays=tuple(_relays(chains, where)),
    )


def _filter(
    incoming: _Chain,
    outgoing: _Chain,
    inward: list[tuple[set[bool], Rule]],
    outward: list[tuple[set[bool], Rule]],
    *,
    on_mesh: bool,
) -> Filter:
    return Filter(
        incoming=tuple(rule for places, rule in inward if on_mesh in places),
        outgoing=tuple(rule for places, rule in outward if on_mesh in places),
        accepts_incoming=incoming.accepts,
        accepts_outgoing=outgoing.accepts,
    )


def _chains(text: str, where: str) -> Iterator[tuple[str, _Chain]]:
    table, chain = "", None
    lines = [raw.strip() for raw in text.splitlines()]
    for number, line in enumerate(lines):
        if not line or _replaced(line, lines[:number]):
            continue
        if line.startswith("table inet ") and line.endswith(" {"):
            table = line.split()[2]
        elif found := CHAIN.fullmatch(line):
            chain = _Chain(found[1])
        elif line == "}":
            if chain is not None:
                yield table, chain
            chain = None
        elif chain is None:
            raise ReadingError(f"{where}: {line!r} is not modelled by the proofs")
        elif hook := HOOK.fullmatch(line):
            chain.hook, chain.accepts = hook[2], hook[4] == "accept"
            chain.made_as = (hook[1], hook[3], hook[4])
        else:
            chain.lines.append(line)
    if chain is not None:
        raise ReadingError(f"{where}: chain {chain.name} has no end")


def _replaced(line: str, before: list[str]) -> bool:
    """Whether a line only makes way: a table is made and deleted, so that what comes after it begins anew."""
    words = line.split()
    if words[:-1] == ["delete", "table", "inet"]:
        return f"table inet {words[-1]}" in before and f"table inet {words[-1]} {{" not in before
    return words[:-1] == ["table", "inet"] and f"{line} {{" not in before


def _rules(chain: _Chain, where: str) -> list[tuple[set[bool], Rule]]:
    """The rules of a filter chain, each with where it holds: outside the mesh (False), on it (True)."""
    found: list[tuple[set[bool], Rule]] = []
    loopback = 'iifname "lo" accept' if chain.hook == "input" else 'oifname "lo" accept'
    if chain.hook and chain.lines[:2] != [ESTABLISHED, loopback]:
        raise ReadingError(
            f"{where}: chain {chain.name} does not begin with replies and loopback, so nothing would work"
        )
    for line in chain.lines:
        if line in REFUSED:
            found.append(({False, True}, _everything(line, where, accept=False)))
        elif line == "accept":
            found.append(({False, True}, _everything(line, where, accept=True)))
        elif line not in PASSED:
            found.append(_rule(line, where, inward=chain.hook == "input"))
    return found


def _everything(line: str, where: str, *, accept: bool) -> Rule:
    return Rule(accept=accept, protocols=ALL_PROTOCOLS, peers=ANYWHERE, origin=f"{where}: {line}")


@dataclass
class _Words:
    """The words of a rule, taken one after the other."""

    words: list[str]

    def take(self, *expected: str) -> bool:
        """Takes these words if they are the next ones."""
        if self.words[: len(expected)] != list(expected):
            return False
        del self.words[: len(expected)]
        return True

    def next(self) -> str:
        """Takes one word."""
        return self.words.pop(0) if self.words else ""

    def braces(self) -> list[str]:
        """Takes a set in braces, or one element."""
        if not self.take("{"):
            return [self.next()]
        found: list[str] = []
        while self.words and not self.take("}"):
            found.append(self.next().rstrip(","))
        return [one for one in found if one]


def _rule(line: str, where: str, *, inward: bool) -> tuple[set[bool], Rule]:
    words = _Words(COMMENT.sub("", line).split())
    places = _places(words, "iifname" if inward else "oifname")
    root_only = words.take("meta", "skuid", "0")
    found: dict[bool, Spans] = {}
    only_ipv4 = words.take("meta", "nfproto", "ipv4")
    while words.words[:2] in (["ip", "saddr"], ["ip", "daddr"]):
        of_peer = words.words[1] == ("saddr" if inward else "daddr")
        if of_peer in found:
            raise ReadingError(f"{where}: {line!r} names one end twice, which is not modelled by the proofs")
        words.take("ip", words.words[1])
        found[of_peer] = merged(span(one) for one in words.braces())
    protocols, source_ports, ports = _protocol(words)
    verdict = words.next()
    only_ipv4 = only_ipv4 or protocols == frozenset[Protocol]({"icmp"})
    peers = found.get(True, (IPV4,) if only_ipv4 else ANYWHERE)
    own = found.get(False, ANYWHERE)
    known = verdict in ("accept", "drop", "reject") and not (root_only and verdict != "accept")
    if words.words or not known or places is None or protocols is None:
        raise ReadingError(f"{where}: {line!r} is not modelled by the proofs")
    return places, Rule(
        accept=verdict == "accept",
        protocols=protocols,
        peers=peers,
        own=own,
        source_ports=source_ports,
        ports=ports,
        root_only=root_only,
        origin=f"{where}: {line}",
    )


def _places(words: _Words, keyword: str) -> set[bool] | None:
    if not words.take(keyword):
        return {False, True}
    equal = words.next() if words.words[:1] in (["=="], ["!="]) else "=="
    if words.next() != f'"{MESH_INTERFACE}"':
        return None
    return {equal == "=="}


def _protocol(words: _Words) -> tuple[frozenset[Protocol] | None, Span, Span]:
    source_ports, ports = EVERY_PORT, EVERY_PORT
    if words.take("icmp"):
        if not words.take("type"):
            return None, source_ports, ports
        kind, code = int(words.next()), EVERY_PORT
        if words.take("icmp", "code"):
            number = int(words.next())
            code = (number, number)
        low, high = (code[0], min(code[1], 255))
        return frozenset({"icmp"}), source_ports, (kind * 256 + low, kind * 256 + high)
    protocols: frozenset[Protocol] = ALL_PROTOCOLS
    named: set[str] = set()
    while words.words[:1] in (["tcp"], ["udp"]) and words.words[1:2] in (["sport"], ["dport"]):
        name = words.next()
        named |= {name}
        protocols = frozenset({"tcp" if name == "tcp" else "udp"})
        of_source = words.next() == "sport"
        first, _, last = words.next().partition("-")
        found = (int(first), int(last or first))
        source_ports, ports = (found, ports) if of_source else (source_ports, found)
    return protocols if len(named) < 2 else None, source_ports, ports


def _relays(chains: dict[tuple[str, str], _Chain], where: str) -> Iterator[Relay]:
    """Pairs every address translation on the way in with the one on the way out of the same packet."""
    into = [_translation(line, where) for line in chains.get(("relay", "prerouting"), _Chain("")).lines]
    out = [_translation(line, where) for line in chains.get(("relay", "postrouting"), _Chain("")).lines]
    for first in into:
        matching = [
            second
            for second in out
            if second["saddr"] == first["saddr"]
            and second["daddr"] == first["to"]
            and second["sport"] == first["sport"]
            and second["dport"] == first["port"]
        ]
        if first["kind"] != "dnat" or len(matching) != 1 or matching[0]["kind"] != "snat":
            raise ReadingError(f"{where}: a translation has no single counterpart: {first}")
        (second,) = matching
        yield Relay(
            source=point(first["saddr"]),
            source_port=int(first["sport"]),
            own=point(first["daddr"]),
            port=int(first["dport"]),
            target=point(first["to"]),
            target_port=int(first["port"]),
            new_source=point(second["to"]),
            new_source_port=int(second["port"]),
            origin=f"{where}: relay of {first['saddr']}:{first['sport']} at port {first['dport']}",
        )


def _translation(line: str, where: str) -> dict[str, str]:
    found = NAT.fullmatch(line)
    if found is None:
        raise ReadingError(f"{where}: {line!r} is not modelled by the proofs")
    return found.groupdict()
