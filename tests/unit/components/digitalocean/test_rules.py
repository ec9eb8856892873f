"""Rules of a group become one rule for each direction, protocol and port range, and nothing is lost or added."""

from dataclasses import replace

from components.digitalocean.rules import MergedRule, merged, part_of
from fleet.cloudrules import GroupRule

SSH = GroupRule(
    group="s1-gateway",
    direction="ingress",
    protocol="tcp",
    first_port=22,
    last_port=22,
    peer_kind="cidr",
    peer="198.18.0.1/32",
    row="ssh-admin",
    reason="operators",
)


def test_peers_of_one_port_stand_in_one_rule_sorted_and_once() -> None:
    other = replace(SSH, peer="198.18.0.0/32", row="another")
    group = replace(SSH, peer_kind="group", peer="s1-monitor")
    symbol = replace(SSH, peer_kind="symbol", peer="public(s2-gateway-1)")
    expected = MergedRule(
        direction="ingress",
        protocol="tcp",
        port_range="22",
        cidrs=("198.18.0.0/32", "198.18.0.1/32"),
        groups=("s1-monitor",),
        symbols=("public(s2-gateway-1)",),
    )
    assert merged([SSH, other, group, symbol, replace(SSH, row="again")]) == (expected,)
    assert merged([symbol, group, other, SSH]) == (expected,)


def test_directions_protocols_and_ports_stay_apart() -> None:
    rules = [SSH, replace(SSH, direction="egress"), replace(SSH, protocol="udp"), replace(SSH, last_port=23)]
    assert [(rule.direction, rule.protocol, rule.port_range) for rule in merged(rules)] == [
        ("egress", "tcp", "22"),
        ("ingress", "tcp", "22"),
        ("ingress", "tcp", "22-23"),
        ("ingress", "udp", "22"),
    ]


def test_types_of_icmp_cannot_be_told_apart_so_they_are_one_rule_without_ports() -> None:
    icmp = replace(SSH, protocol="icmp", first_port=3, last_port=4)
    (rule,) = merged([icmp, replace(icmp, first_port=8, last_port=0, peer="198.18.0.9/32")])
    assert (rule.port_range, rule.cidrs) == (None, ("198.18.0.1/32", "198.18.0.9/32"))


def test_what_names_an_address_that_a_provider_chooses_waits_for_it() -> None:
    assert [part_of(replace(SSH, peer_kind=kind)) for kind in ("cidr", "group", "symbol")] == ["base", "base", "peers"]
