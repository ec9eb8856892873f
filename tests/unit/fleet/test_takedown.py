"""One host of a signing group goes down at a time, and only while the rest can sign."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from fleet.plan import Plan, plan
from fleet.roles import PROTECTED_ROLES
from fleet.takedown import CountedQuorum, Takedowns, host_of, missing, role_of
from tests.support.samples import changed, committed


def planned(**fields: Any) -> Plan:
    return plan(changed(committed("testnet"), lambda config: config.update(fields)), "testnet")


def takedowns(found: Plan, standing: frozenset[str] = frozenset()) -> Takedowns:
    return Takedowns(found, CountedQuorum(found), standing)


def without(found: Plan, *hosts: str) -> frozenset[str]:
    return frozenset(found.host) - {*hosts}


def test_the_first_host_may_go_down_and_may_be_asked_for_again() -> None:
    asked = takedowns(planned())
    assert asked.refusal("s1-cosigner-1", "replace s1-cosigner-1") is None
    assert asked.refusal("s1-cosigner-1", "delete its volume") is None


@pytest.mark.parametrize("second", ["s2-cosigner-1", "s1-validator-1", "s3-gateway-1"])
def test_a_second_host_is_refused_with_both_names_and_the_way_on(second: str) -> None:
    asked = takedowns(planned())
    asked.refusal("s1-cosigner-1", "replace s1-cosigner-1")
    refusal = asked.refusal(second, f"delete {second}") or ""
    assert f"refused to delete {second}" in refusal
    assert "replace s1-cosigner-1" in refusal
    assert "\n  remedy: wait until s1-cosigner-1 works again, then run the update again" in refusal


@pytest.mark.parametrize("host", ["s1-sentry-1", "s1-monitor-1", "s1-aws", "metal"])
def test_a_host_that_signs_nothing_is_not_counted(host: str) -> None:
    asked = takedowns(planned())
    asked.refusal("s1-cosigner-1", "replace s1-cosigner-1")
    assert asked.refusal(host, f"delete {host}") is None


def test_of_many_that_ask_at_once_one_is_let() -> None:
    asked = takedowns(planned())
    hosts = ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1", "s1-validator-1", "s2-validator-1"] * 20
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda host: (host, asked.refusal(host, f"delete {host}")), hosts))
    assert len({host for host, refusal in answers if refusal is None}) == 1


def test_a_fleet_that_is_retired_goes_down_as_a_whole() -> None:
    asked = takedowns(planned(retire=True))
    assert asked.refusal("s1-cosigner-1", "delete s1-cosigner-1") is None
    assert asked.refusal("s2-cosigner-1", "delete s2-cosigner-1") is None


def test_beside_a_host_without_a_machine_no_other_goes_down_and_it_may_change_itself() -> None:
    found = planned()
    asked = takedowns(found, without(found, "s2-cosigner-1"))
    refusal = asked.refusal("s1-cosigner-1", "delete s1-cosigner-1") or ""
    assert "refused to delete s1-cosigner-1: s2-cosigner-1 had no machine when this update began" in refusal
    assert (
        "\n  remedy: leave the change out, or narrow the update with `--target`, until s2-cosigner-1 works" in refusal
    )
    assert asked.refusal("s2-cosigner-1", "delete its volume") is None
    assert asked.refusal("s1-sentry-1", "delete s1-sentry-1") is None


def test_two_hosts_without_machines_may_both_come_back() -> None:
    found = planned()
    asked = takedowns(found, without(found, "s2-cosigner-1", "s1-gateway-1"))
    assert asked.refusal("s2-cosigner-1", "replace an attachment") is None
    assert asked.refusal("s1-gateway-1", "replace an attachment") is None
    assert "s1-gateway-1, s2-cosigner-1 had no machine" in (asked.refusal("s3-cosigner-1", "delete it") or "")


def test_what_is_left_of_a_host_that_is_gone_from_plan_and_state_takes_nothing_down() -> None:
    found = planned()
    asked = takedowns(found, without(found))
    assert asked.refusal("s9-cosigner-1", "delete its volume") is None
    assert asked.refusal("s1-cosigner-1", "delete it") is None


def test_in_a_fleet_of_which_nothing_stands_nothing_is_missing() -> None:
    found = planned()
    assert missing(found, frozenset()) == frozenset()
    assert takedowns(found).refusal("s1-cosigner-1", "delete it") is None


def test_metal_and_hosts_that_sign_nothing_are_never_missing() -> None:
    found = planned()
    assert any(host.machine is None for host in found.hosts)
    assert missing(found, frozenset({"s1-sentry-1"})) == {
        host.name for host in found.hosts if host.role in PROTECTED_ROLES and host.provider != "baremetal"
    }


def test_the_counted_quorum_misses_a_cosigner_where_there_is_one_to_spare() -> None:
    found = planned()
    assert found.signing.threshold == 3
    assert CountedQuorum(found).without("s1-cosigner-1") is None
    assert CountedQuorum(found).without("s1-gateway-1") is None


def test_a_host_that_the_quorum_cannot_miss_is_refused_with_the_count() -> None:
    class Three(CountedQuorum):
        def without(self, host: str) -> str | None:
            return f"2 cosigners would be left without {host}, and 3 sign"

    found = planned()
    refusal = Takedowns(found, Three(found)).refusal("s1-gateway-1", "delete s1-gateway-1") or ""
    assert "2 cosigners would be left without s1-gateway-1, and 3 sign" in refusal
    assert "\n  remedy: bring the other cosigners back or add one" in refusal


def test_a_gateway_takes_the_cosigners_of_its_site_along() -> None:
    """The plan refuses a fleet that a site's loss stops, so this one is made by hand."""
    found = planned()
    strict = replace(found, signing=replace(found.signing, threshold=4))
    assert CountedQuorum(strict).without("s1-validator-1") is None
    assert CountedQuorum(strict).without("s1-cosigner-1") == "3 cosigners would be left, and 4 sign"
    assert CountedQuorum(strict).without("s1-gateway-1") == "3 cosigners would be left, and 4 sign"


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("s2-cosigner-1", "s2-cosigner-1"),
        ("s2-cosigner-1-private", "s2-cosigner-1"),
        ("s12-validator-16", "s12-validator-16"),
        ("s2-cosigner", None),
        ("s2-cosigner-tcp-22-from-s2-gateway", None),
        ("s1-gateway-tcp-443-to-0.0.0.0_5", None),
        ("metal", None),
    ],
)
def test_the_host_is_read_from_the_name_of_its_part(name: str, host: str | None) -> None:
    assert host_of(name) == host
    assert role_of(name) == (host.split("-")[1] if host else None)
