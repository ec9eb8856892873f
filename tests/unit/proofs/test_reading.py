"""What a reader does not know it refuses: a line, a type or an input that is passed over would prove nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from fleet.proofs.model import IPV4, span
from fleet.proofs.reading.nftables import read_ruleset
from fleet.proofs.reading.resources import HostFacts, ReadingError, Resource
from fleet.proofs.reading.wireguard import read_wireguard
from fleet.proofs.reading.world import read_world

CHAIN = "  chain {name} {{\n    type filter hook {hook} priority filter; policy drop;\n{begin}    {line}\n  }}\n"
BEGIN = '    ct state established,related accept\n    {way}ifname "lo" accept\n'
GOOD = 'iifname != "wg0" ip saddr { 10.0.0.1, 10.0.0.9 } tcp dport 22 accept comment "why"'


def chain(name: str, hook: str, line: str, begin: str = BEGIN) -> str:
    return CHAIN.format(name=name, hook=hook, line=line, begin=begin.format(way="o" if hook == "output" else "i"))


def ruleset(line: str, *, table: str = "redoubt", hook: str = "input", more: str = "") -> str:
    return f"table inet {table} {{\n{chain(hook, hook, line, BEGIN if hook != 'forward' else '')}{more}}}\n"


def test_a_rule_is_read_as_it_stands() -> None:
    found = read_ruleset(ruleset(GOOD), "host")
    (rule,) = found.outside.incoming
    assert rule.peers == (span("10.0.0.1"), span("10.0.0.9"))
    assert (rule.ports, rule.accept, rule.protocols) == ((22, 22), True, frozenset({"tcp"}))
    assert found.mesh.incoming == ()
    assert not found.outside.accepts_incoming


def test_icmp_is_ipv4_also_where_no_family_is_named() -> None:
    (rule,) = read_ruleset(ruleset("icmp type 3 icmp code 4 drop"), "host").outside.incoming
    assert (rule.peers, rule.ports) == ((IPV4,), (772, 772))


@pytest.mark.parametrize(
    "line",
    [
        "goto elsewhere",
        "ip saddr != 10.0.0.1 accept",
        "ip saddr 10.0.0.1-10.0.0.9 accept",
        "ip saddr 10.0.0.1 ip saddr 10.0.0.2 drop",
        "tcp sport 5 udp dport 6 drop",
        "tcp dport { 22, 23 } accept",
        "meta skuid 0 drop",
        'iifname "eth0" accept',
        "ip6 saddr ::1 accept",
        "ct state new accept",
    ],
)
def test_a_line_of_another_grammar_is_refused(line: str) -> None:
    with pytest.raises(ReadingError, match="host"):
        read_ruleset(ruleset(line), "host")


@pytest.mark.parametrize(
    "text",
    [
        ruleset(GOOD, table="other"),
        ruleset(GOOD, hook="prerouting"),
        ruleset(GOOD, more=chain("second", "input", "accept")),
        ruleset("accept", hook="forward"),
        "table inet redoubt {\n" + chain("input", "input", GOOD, begin="") + "}\n",
        ruleset(GOOD).replace("priority filter", "priority mangle"),
        ruleset(GOOD).replace("type filter", "type nat"),
        "chain input {",
        "flush ruleset\n",
    ],
)
def test_a_table_or_chain_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(ReadingError):
        read_ruleset(text, "host")


def test_ranges_of_a_peer_on_several_lines_are_put_together() -> None:
    text = "[Interface]\nListenPort = 1\n[peer]\nPublicKey = k\nAllowedIPs = 10.0.0.1/32\nAllowedIPs = 10.0.0.3/32\n"
    (tunnel,) = read_wireguard(text, "host").tunnels
    assert tunnel.allowed == (span("10.0.0.1"), span("10.0.0.3"))


@pytest.mark.parametrize(
    "text",
    [
        "[Interface]\n[Peer]\nPublicKey = k\n",
        "[Interface]\nListenPort = 1\n[Peer]\nAllowedIPs = 10.0.0.1/32\n",
        "[Interface]\nListenPort = 1\n[Other]\n",
        "[Interface]\nListenPort = 1\nFwMark = 7\n",
        "[Interface]\nListenPort = 1\n[Peer]\nPublicKey = k\nAllowedIPs = 10.0.0.1/8\n",
    ],
)
def test_a_tunnel_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ReadingError, match="host"):
        read_wireguard(text, "host")


def resource(token: str, **inputs: Any) -> Resource:
    return Resource(urn=f"urn:{token}", type=token, name="s1-cosigner-1", inputs=inputs, outputs={"id": "x"})


HOST = HostFacts(
    name="s1-cosigner-1",
    role="cosigner",
    site="s1",
    provider="aws",
    failure_domain="aws",
    mesh_address="100.64.5.129",
    metal_address=None,
)


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ([resource("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")], "VpcPeeringConnection are not modelled"),
        ([resource("gcp:compute/networkPeering:NetworkPeering")], "NetworkPeering are not modelled"),
        ([resource("digitalocean:index/loadBalancer:LoadBalancer")], "LoadBalancer are not modelled"),
        ([resource("azure:compute/vm:Vm")], "resources of azure are not modelled"),
        ([], "s1-cosigner-1: no machine of that name is rendered"),
    ],
)
def test_what_no_reader_knows_stops_the_proofs(resources: list[Resource], message: str) -> None:
    files: Mapping[str, Any] = {HOST.name: None}
    with pytest.raises(ReadingError, match=message):
        read_world(resources, [HOST], files)
