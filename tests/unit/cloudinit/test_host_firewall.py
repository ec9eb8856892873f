"""Host firewalls and tunnels as text: what holds of every host's, whatever its role."""

import re

import pytest

from cloudinit.listeners import listening
from cloudinit.nftables import host_ruleset, mesh_ruleset
from cloudinit.wireguard import wireguard
from fleet import ports
from fleet.addressing import Symbol
from fleet.plan import Plan, plan
from tests.support.samples import four_providers


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(four_providers(), "testnet")


@pytest.fixture(scope="module")
def addresses(planned: Plan) -> dict[str, str]:
    symbols = [one for host in planned.hosts for one in (host.private_address, host.public_address)]
    names = sorted(one.name for one in symbols if isinstance(one, Symbol))
    return {
        name: f"10.3.1.{index}" if name.startswith("private") else f"203.0.113.{index}"
        for index, name in enumerate(names, 1)
    }


def rulesets(planned: Plan, addresses: dict[str, str]) -> dict[str, str]:
    return {host.name: host_ruleset(planned, host, addresses) for host in planned.hosts}


def test_every_chain_that_filters_drops_by_default(planned: Plan, addresses: dict[str, str]) -> None:
    for text in rulesets(planned, addresses).values():
        hooks = re.findall(r"type filter hook (\w+) priority filter; policy (\w+);", text)
        assert hooks == [("input", "drop"), ("forward", "drop"), ("output", "drop")]


def test_what_leaves_and_is_not_named_is_rejected_so_that_nothing_hangs(
    planned: Plan, addresses: dict[str, str]
) -> None:
    for text in rulesets(planned, addresses).values():
        output = text.split("chain output {")[1].split("}\n")[0].split("  }")[0]
        assert output.strip().endswith("counter reject")


def test_no_rule_names_ipv6_or_leaves_the_family_open(planned: Plan, addresses: dict[str, str]) -> None:
    for text in rulesets(planned, addresses).values():
        assert "ip6" not in text
        rules = [line for line in text.splitlines() if line.strip().endswith('"') and "accept comment" in line]
        assert rules
        assert all(" ip saddr " in line or " ip daddr " in line or " nfproto ipv4 " in line for line in rules)


def test_a_table_replaces_the_one_before_it_in_one_transaction(planned: Plan, addresses: dict[str, str]) -> None:
    text = host_ruleset(planned, planned.host["s1-gateway-1"], addresses)
    for table in ("redoubt", "relay"):
        assert f"table inet {table}\ndelete table inet {table}\ntable inet {table} {{" in text


def test_only_gateways_relay_and_forward(planned: Plan, addresses: dict[str, str]) -> None:
    for name, text in rulesets(planned, addresses).items():
        relays = planned.host[name].role == "gateway"
        assert ("dnat ip to" in text) is relays
        assert ("ct status dnat accept" in text) is relays


def test_a_relay_matches_addresses_and_fixed_ports_in_both_directions(planned: Plan, addresses: dict[str, str]) -> None:
    text = host_ruleset(planned, planned.host["s3-gateway-1"], addresses)
    into = re.findall(r"ip saddr \S+ ip daddr \S+ udp sport \d+ udp dport \d+ dnat ip to \S+:\d+", text)
    out = re.findall(r"ip saddr \S+ ip daddr \S+ udp sport \d+ udp dport \d+ snat ip to \S+:\d+", text)
    rules = [rule for rule in planned.relays if rule.gateway == "s3-gateway-1"]
    assert len(into) == len(out) == 2 * len(rules) > 0
    public = addresses["public(s3-gateway-1)"]
    assert any(f"ip daddr {public} " in line for line in into)  # the droplet's own public address, not a private one


def test_a_private_address_that_the_provider_chooses_stands_for_its_range(
    planned: Plan, addresses: dict[str, str]
) -> None:
    text = host_ruleset(planned, planned.host["s3-cosigner-1"], addresses)
    assert 'ip saddr { 10.3.0.0/16 } tcp dport 22 accept comment "ssh-inner"' in text
    fixed = host_ruleset(planned, planned.host["s2-cosigner-1"], addresses)
    assert 'ip saddr { 10.2.0.10 } tcp dport 22 accept comment "ssh-inner"' in fixed


def test_metadata_is_for_root_alone(planned: Plan, addresses: dict[str, str]) -> None:
    for name, text in rulesets(planned, addresses).items():
        lines = [line for line in text.splitlines() if '"metadata"' in line]
        assert len(lines) == (0 if planned.host[name].provider == "baremetal" else 1)
        assert all("meta skuid 0 " in line for line in lines)


def test_signers_and_validators_filter_the_mesh_in_a_namespace_of_its_own(
    planned: Plan, addresses: dict[str, str]
) -> None:
    for host in planned.hosts:
        inner = mesh_ruleset(planned, host)
        assert (inner is not None) is (host.role in ("validator", "cosigner"))
        if inner is not None:
            assert '!= "wg0"' not in inner
            assert '== "wg0"' not in host_ruleset(planned, host, addresses)


def test_chain_and_signer_listen_in_the_namespace_where_there_is_one(planned: Plan) -> None:
    for host in planned.hosts:
        for one in listening(host):
            if one.port in (ports.PRIVVAL, ports.COSIGNER):
                assert one.inside
            if one.name in ("sshd", "wireguard", "proxy", "chrony"):
                assert not one.inside


def test_an_address_that_is_not_known_is_an_error_and_no_open_rule(planned: Plan) -> None:
    with pytest.raises(KeyError, match="public"):
        host_ruleset(planned, planned.host["s1-gateway-1"], {})


def test_a_peer_speaks_for_its_own_address_alone_and_keys_stay_out(planned: Plan, addresses: dict[str, str]) -> None:
    keys = {host.name: f"key-of-{host.name}" for host in planned.hosts}
    for host in planned.hosts:
        text = wireguard(planned, host, keys, addresses)
        pairs = [pair for pair in planned.pairs if host.name in (pair.a, pair.b)]
        assert text.count("[Peer]") == len(pairs)
        assert re.findall(r"AllowedIPs = (\S+)", text) == [
            f"{planned.host[pair.b if pair.a == host.name else pair.a].mesh_address}/32" for pair in pairs
        ]
        assert "PrivateKey" not in text
        assert "PresharedKey" not in text


def test_a_key_that_is_not_known_is_an_error(planned: Plan, addresses: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        wireguard(planned, planned.host["s1-cosigner-1"], {}, addresses)
