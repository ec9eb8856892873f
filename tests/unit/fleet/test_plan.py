"""The plan of the samples, row by row: flows, relays, rules, rollout, and the golden names and addresses."""

import json
import re
from ipaddress import IPv4Network

import pytest

from fleet import ports
from fleet.addressing import NOT_GLOBAL, global_internet
from fleet.mesh import Endpoint
from fleet.plan import Plan, plan
from fleet.quorum import Quorum
from fleet.schema import TARGET, rendered
from fleet.tables import flow_table, host_table
from tests.support import golden
from tests.support.samples import ROOT, committed, four_providers

AWS_DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""What AWS takes in a rule's description (EC2 API reference, SecurityGroupRule)."""


@pytest.fixture(scope="module")
def testnet() -> Plan:
    return plan(committed("testnet"), "testnet")


@pytest.fixture(scope="module")
def spread() -> Plan:
    return plan(four_providers(), "testnet")


def test_the_schema_in_the_docs_is_current_and_named_in_the_stack_files() -> None:
    assert TARGET.read_text() == rendered(), "run python -m fleet.schema"
    for stack in ("testnet", "mainnet"):
        assert f"$schema={TARGET.relative_to(ROOT)}" in (ROOT / f"Pulumi.{stack}.yaml").read_text()


def test_the_flow_matrix_in_the_docs_is_current() -> None:
    assert golden.flow_matrix() == golden.FLOW_MATRIX.read_text(), "run python -m tests.support.golden"


def test_the_plan_is_json(spread: Plan) -> None:
    assert json.loads(spread.to_json())["fleet"] == "redoubt"


def test_strangers_may_open_p2p_of_sentries_and_nothing_else(spread: Plan) -> None:
    opened = {
        (spread.host[f.destination.name].role, f.protocol, f.first_port)
        for f in spread.flows
        if f.source.name == "internet"
    }
    assert opened == {
        ("sentry", "tcp", ports.P2P),
        *(
            (role, "icmp", 3) for role in ("gateway", "sentry", "cosigner")
        ),  # the cosigner on metal has a public address
    }


def test_admins_reach_ssh_of_gateways_alone(spread: Plan) -> None:
    rows = [flow for flow in spread.flows if flow.source.name == "admin"]
    assert {(spread.host[flow.destination.name].role, flow.first_port) for flow in rows} == {("gateway", ports.SSH)}


def test_metal_is_administered_from_its_two_named_gateways(spread: Plan) -> None:
    rows = [f for f in spread.flows if f.row == "ssh-metal"]
    assert {(f.source.name, f.destination.name) for f in rows} == {
        ("s1-gateway-1", "s4-cosigner-1"),
        ("s2-gateway-1", "s4-cosigner-1"),
    }


def test_a_sealed_site_has_no_way_out_but_its_gateway(spread: Plan) -> None:
    private = {host.name for host in spread.hosts if host.role in ("validator", "cosigner") and host.site_id in (2, 3)}
    leaving = {(f.row, f.carrier) for f in spread.flows if f.source.name in private and f.carrier in ("public", "site")}
    assert leaving == {("proxy", "site"), ("time", "site"), ("tunnel", "site")}


def test_private_hosts_of_a_nat_site_may_speak_https(spread: Plan) -> None:
    rows = [f for f in spread.flows if f.row == "egress-nat"]
    assert {f.source.name for f in rows} == {"s1-validator-1", "s1-cosigner-1", "s1-monitor-1"}
    assert {f.first_port for f in rows} == {ports.HTTPS}


def test_two_private_hosts_of_different_sites_meet_through_both_gateways(testnet: Plan) -> None:
    """host -> own gateway -> remote gateway -> host, all four ports fixed, and both directions mirror each other."""
    out, back = (
        next(r for r in testnet.relays if (r.host, r.peer) == names)
        for names in (("s1-cosigner-1", "s2-cosigner-1"), ("s2-cosigner-1", "s1-cosigner-1"))
    )
    assert (out.gateway, back.gateway) == ("s1-gateway-1", "s2-gateway-1")
    assert (out.remote_port, back.remote_port) == (back.wan_port, out.wan_port)
    assert str(out.remote_address) == "<public(s2-gateway-1)>"
    pair = next(p for p in testnet.pairs if (p.a, p.b) == ("s1-cosigner-1", "s2-cosigner-1"))
    assert pair.from_a == Endpoint(address="10.1.0.10", port=out.lan_port)
    assert pair.from_b == Endpoint(address="10.2.0.10", port=back.lan_port)


def test_every_leg_of_a_relayed_tunnel_is_a_flow(testnet: Plan) -> None:
    legs = {
        (f.source.name, f.destination.name, f.source_port, f.first_port) for f in testnet.flows if f.row == "tunnel"
    }
    for rule in testnet.relays:
        remote = (
            rule.peer if testnet.host[rule.peer].public_address else f"s{testnet.host[rule.peer].site_id}-gateway-1"
        )
        assert (rule.host, rule.gateway, ports.WIREGUARD, rule.lan_port) in legs
        assert (rule.gateway, remote, rule.wan_port, rule.remote_port) in legs
        assert (remote, rule.gateway, rule.remote_port, rule.wan_port) in legs
        assert (rule.gateway, rule.host, rule.lan_port, ports.WIREGUARD) in legs


def test_hosts_of_one_site_peer_directly(testnet: Plan) -> None:
    pair = next(p for p in testnet.pairs if (p.a, p.b) == ("s1-sentry-1", "s1-validator-1"))
    assert pair.from_a == Endpoint(address="10.1.8.100", port=ports.WIREGUARD)


def test_a_host_that_accepts_nothing_is_waited_for() -> None:
    config = four_providers()
    config["sites"][3]["hosts"][0]["accepts_udp"] = False
    planned = plan(config, "testnet")
    (pair,) = [p for p in planned.pairs if (p.a, p.b) == ("s3-cosigner-1", "s4-cosigner-1")]
    assert pair.from_b is not None
    to_metal = [f for f in planned.flows if f.destination.name == "s4-cosigner-1" and f.row == "tunnel"]
    assert {planned.host[f.source.name].role for f in to_metal} == {"gateway"}  # replies from the fixed wan port


def test_cloud_rules_towards_the_internet_never_cover_the_fleet(spread: Plan) -> None:
    ranges = [IPv4Network(site.cidr) for site in spread.sites if site.cidr]
    for rule in spread.rules:
        if rule.row in ("p2p-out", "proxy-out", "egress-nat"):
            assert not any(IPv4Network(rule.peer).overlaps(inside) for inside in ranges)


def test_there_is_one_tunnel_rule_for_each_peer_whatever_the_number_of_hosts(testnet: Plan) -> None:
    wan = [r for r in testnet.rules if r.group == "s1-gateway" and r.first_port == ports.WAN_FIRST]
    assert len({(r.direction, r.peer) for r in wan}) == len(wan)
    assert {r.last_port for r in wan} == {ports.WAN_LAST}


def test_metadata_and_mesh_flows_are_no_cloud_firewalls_business(spread: Plan) -> None:
    assert not {rule.row for rule in spread.rules} & {"metadata", "dhcp", "time-link", "privval", "cosigner", "metrics"}


def test_every_reason_can_stand_in_a_rules_description(spread: Plan) -> None:
    for rule in spread.rules:
        assert AWS_DESCRIPTION.fullmatch(f"{rule.row}: {rule.reason}"), rule


def test_no_port_range_of_the_relay_touches_another_port() -> None:
    single = {
        value for key, value in vars(ports).items() if key.isupper() and not key.endswith(("FIRST", "LAST", "ID"))
    }
    for first, last in ((ports.WAN_FIRST, ports.WAN_LAST), (ports.LAN_FIRST, ports.LAN_LAST)):
        assert not any(first <= port <= last for port in single - {ports.P2P, ports.COMETBFT_METRICS})
    assert ports.LAN_LAST < 32768


def test_signers_change_alone_and_before_validators(spread: Plan) -> None:
    roles = [[spread.host[name].role for name in step.hosts] for step in spread.rollout if step.stage == "roles"]
    flat = [role for step in roles for role in step]
    assert flat.index("validator") > max(i for i, role in enumerate(flat) if role == "cosigner")
    assert all(len(step) == 1 for step in roles if step[0] in ("cosigner", "validator"))
    stages = [step.stage for step in spread.rollout]
    assert stages == sorted(stages, key=["base", "mesh", "roles"].index)


@pytest.mark.parametrize(("t", "n", "overlap", "spare"), [(2, 3, 1, 1), (3, 5, 1, 2), (3, 4, 2, 1), (4, 6, 2, 2)])
def test_the_overlap_of_two_quorums_is_stated(t: int, n: int, overlap: int, spare: int) -> None:
    quorum = Quorum(threshold=t, shards=n)
    assert (quorum.overlap, quorum.spare) == (overlap, spare)
    assert ("must be fenced" in quorum.statement()) is (overlap == 1)
    assert f"{t} of {n}" in quorum.statement()


def test_global_internet_and_what_is_not_make_the_whole() -> None:
    assert sum(b.num_addresses for b in global_internet()) + sum(b.num_addresses for b in NOT_GLOBAL) == 2**32


def test_tables_are_for_people(testnet: Plan) -> None:
    table = flow_table(testnet)
    assert "a cosigner dials the validator it serves" in table
    assert "s1-validator-1" in host_table(testnet)
    assert max(len(line) for line in table.splitlines()) < 240
