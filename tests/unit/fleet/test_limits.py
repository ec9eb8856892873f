"""Limits that no sound config reaches today are still counted: a new row of the matrix must not break a provider."""

from dataclasses import replace

import pytest

from fleet.limits import limits, undecided
from fleet.parse import parse
from fleet.plan import Plan, plan
from fleet.problems import FleetError
from tests.support.samples import Config, changed, four_providers


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(four_providers(), "testnet")


def found(planned: Plan, group: str, more: int, *, by_peer: bool = False) -> list[str]:
    """The problems when a group has this many more rules, each with its own port or its own peer."""
    _, fleet = parse(four_providers())
    assert fleet is not None
    sample = next(rule for rule in planned.rules if rule.group == group)
    extra = tuple(
        replace(sample, peer=f"peer {n}") if by_peer else replace(sample, first_port=40000 + n) for n in range(more)
    )
    return [str(problem) for problem in limits(fleet, planned.sites, planned.hosts, (*planned.rules, *extra))]


def test_the_sample_is_within_all_limits(planned: Plan) -> None:
    assert found(planned, "s3-gateway", 0) == []


def test_a_digitalocean_firewall_holds_fifty_rules(planned: Plan) -> None:
    (problem,) = found(planned, "s3-gateway", 50)
    assert "sites[fra-do]: firewall s3-gateway needs" in problem
    assert "DigitalOcean allows 50" in problem


def test_a_digitalocean_rule_holds_a_thousand_peers(planned: Plan) -> None:
    (problem,) = found(planned, "s3-gateway", 1001, by_peer=True)
    assert "peers, DigitalOcean allows 1000" in problem


def test_an_aws_group_holds_sixty_rules_in_each_direction(planned: Plan) -> None:
    (problem,) = found(planned, "s1-sentry", 60)
    assert "security group s1-sentry needs" in problem
    assert "AWS allows 60" in problem


def test_a_raised_quota_is_believed() -> None:
    def change(config: Config) -> None:
        config["sites"][0] |= {"sentries": 8, "quotas": {"elastic_ips": 10}}

    assert plan(changed(four_providers(), change), "testnet").hosts


def test_elastic_ips_are_counted_by_region_not_by_site() -> None:
    def change(config: Config) -> None:
        extra = {"id": 9, "name": "fra-two", "provider": "aws", "region": "eu-central-1", "sentries": 2}
        config["sites"].append(extra)

    with pytest.raises(FleetError, match="7 Elastic IPs are needed in eu-central-1"):
        plan(changed(four_providers(), change), "testnet")


def test_what_cannot_be_decided_is_said_for_each_provider_present(planned: Plan) -> None:
    assert [text.split(":")[0] for text in undecided(planned.sites)] == ["AWS", "GCP", "DigitalOcean"]
