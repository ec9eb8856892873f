"""Every rule against its cases: the good sample, each way to break it, and what it cannot judge."""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

import pytest
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties

from policies.catalogue import RULES
from policies.rule import Rule
from tests.support.policy_cases import Cases, Change, Sample, unknown, verdict
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


def as_secrets(sample: Sample) -> Sample:
    """With every top-level value marked as a secret, as the engine marks it, and read as the SDK reads it."""
    marked = {key: {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": value} for key, value in sample.props.items()}
    return replace(sample, props=deserialize_properties(marked))


def samples(given: Sample | Sequence[Sample]) -> Sequence[Sample]:
    return [given] if isinstance(given, Sample) else given


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.rule.id)
def test_a_secret_is_judged_like_any_other_value(one: Cases) -> None:
    broken = next(iter(one.fails.values()))(one.sample())
    for given in (one.sample(), broken):
        marked = [as_secrets(each) for each in samples(given)]
        again = marked[0] if isinstance(given, Sample) else marked
        assert verdict(one.rule, again, one.settings) == verdict(one.rule, given, one.settings)


@pytest.mark.parametrize("one", [one for one in ALL if isinstance(one.rule, Rule)], ids=lambda one: one.rule.id)
def test_a_property_that_is_unknown_violates_nothing_by_itself(one: Cases) -> None:
    """It is decided when it is known; only what is missing for good is a violation."""
    good = one.sample()
    assert isinstance(good, Sample)
    for name in good.props:
        assert verdict(one.rule, unknown(name)(good), one.settings) in ("pass", "deferred")
