"""Firewalls of GCP say what the group rules say, and a peer that comes or goes renames none."""

import re
from dataclasses import replace

import pytest

from fleet.naming import LONGEST_FLEET, LONGEST_STACK, cut_name
from fleet.plan import Plan, plan
from fleet.providers.gcp.firewalls import GatheredRules, gathered
from tests.support.samples import changed, four_providers


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(four_providers(), "testnet")


def firewalls(planned: Plan) -> dict[str, GatheredRules]:
    found = gathered(planned.rules_of(planned.sites[1]))
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


def test_every_rule_of_the_site_stands_in_exactly_one_firewall(planned: Plan) -> None:
    rules = [rule for one in firewalls(planned).values() for rule in one.rules]
    assert sorted(rules) == sorted(planned.rules_of(planned.sites[1]))


def test_a_firewall_speaks_of_one_group_direction_protocol_and_port_range(planned: Plan) -> None:
    for one in firewalls(planned).values():
        assert {(rule.group, rule.direction, rule.protocol) for rule in one.rules} == {
            (one.group, one.direction, one.protocol)
        }
        if one.protocol != "icmp":
            assert {(rule.first_port, rule.last_port) for rule in one.rules} == {(one.first_port, one.last_port)}
        assert {rule.peer_kind == "group" for rule in one.rules} == {one.peers_kind == "groups"}


def test_ports_are_written_as_gcp_writes_them(planned: Plan) -> None:
    found = firewalls(planned)
    assert found["s2-sentry-tcp-26656-from-ranges"].ports == ("26656",)
    assert found["s2-gateway-udp-51840-51903-from-ranges"].ports == ("51840-51903",)
    assert found["s2-cosigner-icmp-from-ranges"].ports == ()


def test_icmp_types_share_a_firewall(planned: Plan) -> None:
    sample = next(rule for rule in planned.rules if rule.protocol == "icmp")
    (one,) = gathered([sample, replace(sample, first_port=8, last_port=0)])
    assert len(one.rules) == 2


def test_growth_renames_no_firewall_and_keeps_what_it_said(planned: Plan) -> None:
    grown = plan(
        changed(four_providers(), lambda c: (c["sites"][1].update(sentries=3), c["sites"][0].update(sentries=3))),
        "testnet",
    )
    before, after = firewalls(planned), firewalls(grown)
    assert before.keys() == after.keys()
    assert all(set(one.peers) <= set(after[name].peers) for name, one in before.items())


def test_a_description_gives_each_row_and_reason_once(planned: Plan) -> None:
    for one in firewalls(planned).values():
        assert one.description.split("; ")[0].split(":")[0] in {rule.row for rule in one.rules}
        assert all(rule.reason in one.description for rule in one.rules)


def test_names_fit_for_the_longest_fleet_stack_and_site(planned: Plan) -> None:
    prefix = f"{'f' * LONGEST_FLEET}-{'s' * LONGEST_STACK}-"
    for group in ("s200-validator", "s200-gateway"):
        rules = [replace(rule, group=group) for rule in planned.rules]
        names = [cut_name(prefix + one.name) for one in gathered(rules)]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name) for name in names)
