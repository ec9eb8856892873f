"""Every rule against its cases: the good sample, each way to break it, and what it cannot judge."""

from importlib import import_module

import pytest

from policies.catalogue import RULES
from policies.rule import Rule
from tests.support.policy_cases import Cases, Change, verdict
from tests.support.samples import ROOT

FOLDER = ROOT / "tests" / "policies" / "cases"


def cases() -> list[Cases]:
    modules = sorted(path.relative_to(ROOT).with_suffix("").parts for path in FOLDER.rglob("*.py"))
    return [import_module(".".join(parts)).CASES for parts in modules]


ALL = cases()


def of(kind: str) -> list[pytest.ParameterSet]:
    """Each change of one kind, with its cases."""
    return [
        pytest.param(one, change, id=f"{one.rule.id}: {name}")
        for one in ALL
        for name, change in getattr(one, kind).items()
    ]


def test_every_rule_has_cases_of_its_own() -> None:
    assert sorted(one.rule.id for one in ALL) == sorted(one.id for one in RULES)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.rule.id)
def test_the_good_sample_passes(one: Cases) -> None:
    assert verdict(one.rule, one.sample(), one.settings) == "pass"


@pytest.mark.parametrize(("one", "change"), of("passes"))
def test_what_may_be_passes(one: Cases, change: Change) -> None:
    assert verdict(one.rule, change(one.sample()), one.settings) == "pass"


@pytest.mark.parametrize(("one", "change"), of("fails"))
def test_what_must_not_be_is_found(one: Cases, change: Change) -> None:
    assert verdict(one.rule, change(one.sample()), one.settings) == "fail"


@pytest.mark.parametrize(("one", "change"), of("defers"))
def test_what_is_unknown_is_deferred(one: Cases, change: Change) -> None:
    assert verdict(one.rule, change(one.sample()), one.settings) == "deferred"


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.rule.id)
def test_a_rule_is_seen_to_fail(one: Cases) -> None:
    assert one.fails, "a rule that nothing breaks holds nothing"
    assert not isinstance(one.rule, Rule) or one.rule.types is None or one.rule.types
