"""GCP's firewall rules: their shape, what GCP refuses, what a change does, and what holds in a network."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.gcp import tokens
from simcloud.gcp.account import GlobalCall
from simcloud.gcp.firewalls import rules_in_force
from simcloud.ledger import Ledger
from tests.simcloud.driver import RefusedError, World, shared
from tests.simcloud.gcp_samples import GCP, PROJECT, make

PACKAGE = GCP
ACCOUNT = f"sentry-host@{PROJECT}.iam.gserviceaccount.com"
OTHERS = [f"a{number}@{PROJECT}.iam.gserviceaccount.com" for number in range(11)]


@shared(
    [
        ({"denies": [{"protocol": "all"}]}, "allows"),
        ({"allows": None}, "allows"),
        ({"sourceRanges": None}, "sourceRanges"),
        ({"priority": 65536}, "priority"),
        ({"priority": -1}, "priority"),
        ({"targetServiceAccounts": [ACCOUNT]}, "targetServiceAccounts"),
        ({"sourceServiceAccounts": [ACCOUNT]}, "sourceServiceAccounts"),
        ({"sourceTags": ["a"], "targetTags": None, "targetServiceAccounts": [ACCOUNT]}, "sourceTags"),
        ({"targetTags": None, "targetServiceAccounts": OTHERS}, "targetServiceAccounts"),
        ({"targetTags": None, "sourceServiceAccounts": OTHERS}, "sourceServiceAccounts"),
        ({"direction": "BOTH"}, "direction"),
        ({"logConfig": {}}, "logConfig.metadata"),
        ({"enableLogging": True}, "enableLogging"),
    ]
)
def test_a_bad_rule_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.FIREWALL, "x", world.sample(tokens.FIREWALL, **changes))
    assert path in error.value.properties


REFUSED: list[dict[str, Any]] = [
    {"network": "nowhere"},
    {"direction": "EGRESS"},
    {"direction": "EGRESS", "sourceRanges": None, "sourceTags": ["a"]},
    {"allows": [{"protocol": "gre"}]},
    {"allows": [{"protocol": "256"}]},
    {"allows": [{"protocol": "icmp", "ports": ["1"]}]},
    {"allows": [{"protocol": "tcp", "ports": ["http"]}]},
    {"allows": [{"protocol": "tcp", "ports": ["20-10"]}]},
    {"allows": [{"protocol": "tcp", "ports": ["65536"]}]},
    {"sourceRanges": ["198.51.100.1/24"]},
    {"sourceRanges": ["everywhere"]},
    {"sourceRanges": ["0.0.0.0/0", "::/0"]},
    {"sourceRanges": [f"10.0.{number}.0/24" for number in range(256)] + ["10.1.0.0/24"]},
    {"sourceTags": [f"t{number}" for number in range(31)]},
    {"targetTags": [f"t{number}" for number in range(71)]},
    {"targetTags": ["Sentry"]},
    {"targetTags": None, "targetServiceAccounts": ["sentry-host"]},
]


@shared(REFUSED)
def test_a_rule_that_gcp_cannot_have_is_refused_at_the_creation_and_at_a_change(world: World, changes: dict) -> None:
    with pytest.raises(CloudError) as error:
        make(world, tokens.FIREWALL, name="refused", **changes)
    assert error.value.code in ("invalid", "notFound")
    if "direction" not in changes:
        made = world.have(tokens.FIREWALL)
        with pytest.raises(CloudError):
            world.cloud.update(made, world.sample(tokens.FIREWALL, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"sourceRanges": ["198.51.100.7"]},
        {"sourceRanges": ["::/0"]},
        {"allows": [{"protocol": "SCTP", "ports": ["9", "10-20"]}, {"protocol": "50"}]},
        {"destinationRanges": ["10.1.0.0/24"]},
        {"targetTags": None, "sourceRanges": None, "sourceServiceAccounts": OTHERS[:10]},
        {"sourceRanges": None, "sourceTags": ["a"]},
    ],
    ids=str,
)
def test_a_rule_that_gcp_can_have_passes(world: World, changes: dict) -> None:
    made = make(world, tokens.FIREWALL, **changes)
    assert world.cloud.diff(made, world.sample(tokens.FIREWALL, **changes)).changes is False


def test_an_account_that_does_not_exist_passes_since_nobody_has_seen_what_gcp_does(world: World) -> None:
    make(world, tokens.FIREWALL, targetTags=None, targetServiceAccounts=[ACCOUNT])


def test_an_egress_rule_is_for_everywhere_unless_it_says_more(world: World) -> None:
    sample = world.sample(tokens.FIREWALL, direction="EGRESS", sourceRanges=None)
    made = world.cloud.create(tokens.FIREWALL, sample)
    assert made["destinationRanges"] == ["0.0.0.0/0"]
    assert world.cloud.diff(made, sample).changes is False


@shared(
    [
        ({"allows": [{"protocol": "TCP", "ports": ["22"]}]}, {}),
        ({"allows": [{"protocol": "tcp", "ports": ["22", "80"]}]}, {"allows[0].ports[1]": "ADD"}),
        ({"allows": None, "denies": [{"protocol": "tcp"}]}, {"allows[0]": "DELETE", "denies[0]": "ADD"}),
        ({"priority": 1}, {"priority": "UPDATE"}),
        ({"disabled": True}, {"disabled": "ADD"}),
        ({"logConfig": {"metadata": "INCLUDE_ALL_METADATA"}}, {"logConfig.metadata": "ADD"}),
        ({"network": "other"}, {"network": "UPDATE"}),
        ({"direction": "EGRESS", "sourceRanges": None}, {"direction": "UPDATE_REPLACE", "sourceRanges[0]": "DELETE"}),
        ({"name": "other"}, {"name": "UPDATE_REPLACE"}),
    ]
)
def test_what_a_change_of_a_rule_does(world: World, changes: dict, expected: dict) -> None:
    answer = world.cloud.diff(world.have(tokens.FIREWALL), world.sample(tokens.FIREWALL, **changes))
    assert {path: change.kind.name for path, change in answer.detailed_diff.items()} == expected


def test_order_does_not_matter_and_dropping_everywhere_is_no_change(world: World) -> None:
    ranges = ["10.0.0.0/24", "10.2.0.0/24"]
    made = make(world, tokens.FIREWALL, sourceRanges=ranges)
    assert world.cloud.diff(made, world.sample(tokens.FIREWALL, sourceRanges=ranges[::-1])).changes is False
    open_ = make(world, tokens.FIREWALL, name="open", sourceRanges=["0.0.0.0/0"], sourceTags=["a"])
    dropped = world.sample(tokens.FIREWALL, name="open", sourceRanges=None, sourceTags=["a"])
    assert world.cloud.diff(open_, dropped).changes is False


def test_a_project_has_a_hundred_rules_until_the_quota_is_raised(world: World, ledger: Ledger) -> None:
    ledger.set("quota.firewalls", "1")
    world.have(tokens.FIREWALL)
    with pytest.raises(CloudError, match=r"Quota 'FIREWALLS' exceeded\. Limit: 1 .*set quota\.firewalls N"):
        make(world, tokens.FIREWALL, name="second")
    ledger.set("quota.firewalls", "2")
    make(world, tokens.FIREWALL, name="second")


def test_rules_decide_by_priority_a_deny_first_and_the_implied_ones_last(world: World, ledger: Ledger) -> None:
    make(world, tokens.FIREWALL, name="late", priority=2000)
    make(world, tokens.FIREWALL, name="allow", priority=1000)
    make(world, tokens.FIREWALL, name="deny", priority=1000, allows=None, denies=[{"protocol": "all"}])
    make(world, tokens.FIREWALL, name="off", priority=1, disabled=True)
    with ledger.transaction() as transaction:
        call = GlobalCall("gcp", PROJECT, "", transaction)
        [network] = call.find(tokens.NETWORK)
        rules = rules_in_force(call, network)
    assert [rule.get("name", rule["direction"]) for rule in rules] == ["deny", "allow", "late", "INGRESS", "EGRESS"]
    assert [bool(rule.get("denies")) for rule in rules[3:]] == [True, False]
