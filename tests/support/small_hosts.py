"""Host files of a small random fleet: nftables text in every form of the grammar, WireGuard text, and listeners."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

from fleet.proofs.model import Listener
from fleet.proofs.reading.world import HostFiles
from tests.support.small_plan import EVERYBODY, WIREGUARD, Dice, Forwarding, Host, Opening, Plan, exporters

ESTABLISHED: Final = "ct state established,related accept"
OTHER_PORTS: Final = (22, 53, 80, 123, 1234, 2222, 3128, 9100, 26656, 51820)


def host_files(dice: Dice, planned: Plan, host: Host) -> HostFiles:
    """What is installed on one host, with slips."""
    namespace = host.namespace != dice.slips()
    incoming = [slipped(dice, one) for one in planned.incoming[host.name]]
    outgoing = [slipped(dice, one) for one in planned.outgoing[host.name]]
    places = {"net", "link"} if namespace else {"net", "link", "mesh"}
    ruleset = _ruleset(dice, planned, host, _of(incoming, places), _of(outgoing, places))
    relays = [_slipped_relay(dice, planned, one) for one in planned.relays.get(host.name, [])]
    return HostFiles(
        ruleset=f"{ruleset}\n{_relay_table(relays)}" if relays else ruleset,
        mesh_ruleset=_ruleset(dice, planned, host, _of(incoming, {"mesh"}), _of(outgoing, {"mesh"}))
        if namespace
        else None,
        wireguard=_wireguard(dice, planned, host),
        key=host.key,
        listeners=tuple(_listeners(dice, host, namespace=namespace)),
    )


def slipped(dice: Dice, opening: Opening) -> Opening:
    """An opening as somebody may get it wrong."""
    if not dice.slips():
        return opening
    span = (opening.first, opening.last)
    port = dice.pick(*OTHER_PORTS)
    return dice.pick(
        replace(opening, peers=(dice.pick(EVERYBODY, EVERYBODY, "::/0", "10.0.0.0/8", "198.18.0.0/15"),)),
        replace(opening, first=max(0, opening.first - 1), last=opening.last),
        replace(opening, first=span[0], last=span[1] + 1),
        replace(opening, first=0, last=65535) if opening.protocol != "icmp" else replace(opening, protocol="all"),
        replace(opening, first=min(port, span[1]), last=max(port, span[0])) if opening.protocol != "icmp" else opening,
        replace(opening, source_port=None),
        replace(opening, protocol="all", first=0, last=65535),
        replace(opening, protocol="tcp" if opening.protocol == "udp" else "udp", first=port, last=port),
    )


def _of(openings: Iterable[Opening], places: set[str]) -> list[Opening]:
    return [one for one in openings if one.place in places]


def addresses(dice: Dice, host: Host, opening: Opening) -> list[str]:
    """The peers of an opening as addresses that the host's rules name."""
    found: list[str] = []
    for peer in opening.peers:
        if isinstance(peer, str):
            found.append(peer)
        elif opening.place == "mesh":
            found.append(peer.mesh)
        elif peer.site == host.site and peer.private:
            found.append(peer.site.cidr if dice.chance(0.15) else peer.private)
        elif peer.public:
            found.append(peer.public)
    return found


def _ruleset(dice: Dice, planned: Plan, host: Host, incoming: list[Opening], outgoing: list[Opening]) -> str:
    if dice.slips():
        return ""
    chains = [
        *_chain(dice, "input", _lines(dice, host, incoming, inward=True)),
        *_forward(dice, host, relays=host.name in planned.relays),
        *_chain(dice, "output", _lines(dice, host, outgoing, inward=False)),
    ]
    return "\n".join(["table inet redoubt {", *chains, "}", ""])


def _chain(dice: Dice, hook: str, lines: list[str]) -> list[str]:
    """A chain; somebody may have left it out, opened it, or put a rule for all in it."""
    if dice.slips(0.5):
        return []
    policy = "accept" if dice.slips() else "drop"
    interface = "iifname" if hook == "input" else "oifname"
    body = [ESTABLISHED, f'{interface} "lo" accept', *lines]
    if dice.slips():
        body.insert(dice.random.randint(2, len(body)), dice.pick("accept", "drop", "reject", *_stray(dice, interface)))
    if hook == "output" or dice.chance(0.2):
        body.append(dice.pick("counter reject", "counter drop", "reject", "drop"))
    return [
        f"  chain {hook} {{",
        f"    type filter hook {hook} priority filter; policy {policy};",
        *_indented(body),
        "  }",
    ]


def _stray(dice: Dice, interface: str) -> list[str]:
    """Rules that no plan asks for."""
    port = dice.pick(*OTHER_PORTS)
    return [
        f'{interface} != "wg0" tcp dport {port} accept',
        f'{interface} "wg0" accept comment "everything in the mesh"',
        f"tcp dport 0-{port} drop",
        "ip saddr 10.0.0.0/8 ip daddr { 10.0.0.0/8 } accept",
        f"ip saddr {{ 10.1.0.0/16, 192.0.2.0/24 }} udp dport {port} reject",
        "meta nfproto ipv4 icmp type 8 accept",
        f"meta skuid 0 udp dport {port} accept",
        f"udp sport {port} accept",
        f"meta nfproto ipv4 ip daddr {{ 198.18.0.0/15 }} tcp dport {port} accept",
    ]


def _forward(dice: Dice, host: Host, *, relays: bool) -> list[str]:
    if dice.slips():
        return []
    policy = "accept" if dice.slips() else "drop"
    body = [ESTABLISHED, "ct status dnat accept"] if relays and not dice.slips() else []
    return [
        "  chain forward {",
        f"    type filter hook forward priority filter; policy {policy};",
        *_indented(body),
        "  }",
    ]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _lines(dice: Dice, host: Host, openings: list[Opening], *, inward: bool) -> list[str]:
    """One rule for each opening; those that differ in their peers alone may share one."""
    merged: dict[Opening, list[str]] = {}
    for opening in openings:
        if not dice.slips():
            key = replace(opening, peers=() if dice.chance(0.5) else opening.peers)
            merged.setdefault(key, []).extend(addresses(dice, host, opening))
    found = [_line(dice, host, opening, peers, inward=inward) for opening, peers in merged.items() if peers]
    dice.random.shuffle(found)
    return found


def _line(dice: Dice, host: Host, opening: Opening, peers: list[str], *, inward: bool) -> str:
    words: list[str] = []
    if not dice.slips():
        on_mesh = opening.place == "mesh"
        equal = dice.pick("", "== ") if on_mesh else "!= "
        words.append(f'{"iifname" if inward else "oifname"} {equal}"wg0"')
    drops = dice.slips(0.3)
    if opening.root and not drops and not dice.slips():  # the reader refuses to drop what one user sends
        words.append("meta skuid 0")
    if EVERYBODY in peers:
        words += [] if dice.slips(3) else ["meta nfproto ipv4"]
    elif "::/0" not in peers:
        listed = sorted(set(peers))
        braces = len(listed) > 1 or dice.chance(0.7)
        words.append(f"ip {'saddr' if inward else 'daddr'} " + (f"{{ {', '.join(listed)} }}" if braces else listed[0]))
    own = host.mesh if opening.place == "mesh" else host.private
    if own and dice.chance(0.1):
        words.append(f"ip {'daddr' if inward else 'saddr'} {own}")
    words += _matches(dice, opening)
    words.append("drop" if drops else "accept")
    return " ".join(words) + (dice.pick("", f' comment "{opening.place} of {host.name}"'))


def _matches(dice: Dice, opening: Opening) -> list[str]:
    if opening.protocol == "all":
        return []
    if opening.protocol == "icmp":
        return ["icmp type 3"] if dice.slips(2) else [f"icmp type {opening.first} icmp code {opening.last}"]
    ports = f"{opening.first}" if opening.first == opening.last else f"{opening.first}-{opening.last}"
    source = [] if opening.source_port is None else [f"{opening.protocol} sport {opening.source_port}"]
    return [*source, f"{opening.protocol} dport {ports}"]


def _slipped_relay(dice: Dice, planned: Plan, relay: Forwarding) -> Forwarding:
    if not dice.slips(3):
        return relay
    other = dice.pick(*planned.hosts)
    somewhere = other.private or other.public or relay.target
    return dice.pick(
        replace(relay, target=somewhere),
        replace(relay, target_port=dice.pick(*OTHER_PORTS)),
        replace(relay, port=relay.port + 1),
        replace(relay, source="9.9.9.9"),
        replace(relay, target="9.9.9.9"),
        replace(relay, target="9.9.9.9", target_port=53),
        replace(relay, source=somewhere),
        replace(relay, new_source=somewhere),
        replace(relay, new_source="9.9.9.8"),
    )


def _relay_table(relays: list[Forwarding]) -> str:
    """Both halves of each translation; of those that a packet could not tell apart on its way out, the first."""
    told = {(one.source, one.source_port, one.target, one.target_port): one for one in reversed(relays)}
    into = [
        f"ip saddr {one.source} ip daddr {one.own} udp sport {one.source_port} udp dport {one.port} "
        f"dnat ip to {one.target}:{one.target_port}"
        for one in told.values()
    ]
    out = [
        f"ip saddr {one.source} ip daddr {one.target} udp sport {one.source_port} udp dport {one.target_port} "
        f"snat ip to {one.new_source}:{one.new_source_port}"
        for one in told.values()
    ]
    return "\n".join(
        [
            "table inet relay {",
            "  chain prerouting {",
            "    type nat hook prerouting priority dstnat; policy accept;",
            *_indented(into),
            "  }",
            "  chain postrouting {",
            "    type nat hook postrouting priority srcnat; policy accept;",
            *_indented(out),
            "  }",
            "}",
            "",
        ]
    )


def _wireguard(dice: Dice, planned: Plan, host: Host) -> str:
    lines = ["[Interface]", f"ListenPort = {WIREGUARD + dice.slips()}"]
    for peer in planned.hosts:
        paired = (host, peer) in planned.pairs or (peer, host) in planned.pairs
        if peer is host or paired == dice.slips():
            continue
        allowed = [f"{peer.mesh}/32"]
        if dice.slips(2):
            allowed = dice.pick(
                ["100.64.0.0/10"],
                ["0.0.0.0/0"],
                ["0.0.0.0/0", "::/0"],
                [*allowed, "10.0.0.0/8"],
                [f"{host.mesh}/32"],
                [],
            )
        lines += ["", "[Peer]", f"# {peer.name}", f"PublicKey = {peer.key}", f"AllowedIPs = {', '.join(allowed)}"]
        if peer.public and ip_address(peer.public).version == 4:
            lines += [f"Endpoint = {peer.public}:{WIREGUARD}", "PersistentKeepalive = 25"]
    return "\n".join(lines) + "\n"


def _listeners(dice: Dice, host: Host, *, namespace: bool) -> Iterator[Listener]:
    """What answers on a host; somebody may have started it outside the namespace."""
    yield Listener(name="sshd", protocol="tcp", port=22, inside=False)
    yield Listener(name="wireguard", protocol="udp", port=WIREGUARD, inside=False)
    ports = list(exporters(host.role))
    ports += {"sentry": [26656], "validator": [26656, 1234], "cosigner": [2222], "gateway": [3128]}.get(host.role, [])
    for port in ports:
        yield Listener(name=f"on {port}", protocol="tcp", port=port, inside=namespace and not dice.slips())
    if host.role == "gateway":
        yield Listener(name="chrony", protocol="udp", port=123, inside=False)
