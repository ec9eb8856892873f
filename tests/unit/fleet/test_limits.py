"""Limits that no sound config reaches today are still counted: a new row of the matrix must not break a provider."""

from dataclasses import replace

import pytest

from fleet.limits import limits, undecided
from fleet.parse import parse
from fleet.plan import Plan, plan
from fleet.problems import FleetError
from tests.support.samples import Config, changed, four_providers

GCP_PROJECT = four_providers()["sites"][1]["project"]


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


def test_a_gcp_firewall_holds_256_peers(planned: Plan) -> None:
    (problem,) = found(planned, "s2-gateway", 256, by_peer=True)
    assert "sites[fra-gcp]: firewall s2-gateway-" in problem
    assert "GCP allows 256" in problem


def test_a_gcp_project_holds_a_hundred_firewalls_unless_its_quota_was_raised(planned: Plan) -> None:
    (problem,) = found(planned, "s2-gateway", 100)
    assert f"sites[fra-gcp]: project {GCP_PROJECT} needs" in problem
    assert "GCP allows 100" in problem
    assert "quotas.firewalls" in problem


def test_sites_that_share_a_gcp_project_share_its_firewalls() -> None:
    def change(config: Config, project: str, quotas: dict[str, int]) -> None:
        extra = {"id": 9, "name": "ams-gcp", "provider": "gcp", "region": "europe-west4", "project": project}
        config["sites"].append(extra | {"sentries": 2, "validators": 1, "monitors": 1, "quotas": quotas})
        config["sites"][1]["monitors"] = 1

    with pytest.raises(FleetError, match=rf"fra-gcp, ams-gcp\]: project {GCP_PROJECT} needs .* GCP allows 60"):
        plan(
            changed(
                four_providers(),
                lambda c: (change(c, GCP_PROJECT, {"firewalls": 60}), c["sites"][1].update(quotas={"firewalls": 60})),
            ),
            "testnet",
        )
    assert plan(changed(four_providers(), lambda c: change(c, "other-project", {"firewalls": 60})), "testnet").hosts


def test_static_addresses_of_gcp_are_counted_by_project_and_region() -> None:
    def change(config: Config) -> None:
        config["sites"][1] |= {"sentries": 7, "egress": "nat"}

    with pytest.raises(FleetError, match=r"9 static addresses are needed in europe-west3 .*, GCP allows 8"):
        plan(changed(four_providers(), change), "testnet")
    raised = changed(four_providers(), change)
    raised["sites"][1]["quotas"] = {"static_addresses": 9}
    assert plan(raised, "testnet").hosts


def test_what_cannot_be_decided_is_said_for_each_provider_present(planned: Plan) -> None:
    assert [text.split(":")[0] for text in undecided(planned.sites)] == ["AWS", "GCP", "DigitalOcean"]


def test_a_nat_gateway_that_the_account_may_not_have_is_said_with_the_alternative() -> None:
    sealed, nat = (
        undecided(plan(changed(four_providers(), lambda c, e=egress: c["sites"][2].update(egress=e)), "testnet").sites)
        for egress in ("sealed", "nat")
    )
    (more,) = set(nat) - set(sealed)
    assert "fra-do" in more
    assert "write egress: sealed" in more
