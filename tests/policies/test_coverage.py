"""Every check of a scanner is answered, has a reason, or looks at nothing that the program creates; over recorded programs."""

from functools import lru_cache

import pytest

from policies.catalogue import RULES
from policies.coverage import Check
from policies.coverage.all import CHECKS, answered
from tests.support.recorded_policy import recorded
from tests.support.samples import committed

ALL = [pytest.param(provider, one, id=f"{provider} {one.id}") for provider, checks in CHECKS.items() for one in checks]


@lru_cache(maxsize=1)
def created() -> frozenset[str]:
    return frozenset(
        one.type for stack in ("testnet", "mainnet") for one in recorded(committed(stack), stack).resources
    )


@pytest.mark.parametrize(("provider", "check"), ALL)
def test_a_check_is_answered_or_has_a_reason_or_finds_nothing_to_look_at(provider: str, check: Check) -> None:
    rules = answered(provider, check)
    assert not (rules and check.reason), f"{rules} answer it, and it says why none does"
    if not rules and not check.reason:
        assert check.types, "what is no resource type needs a rule or a reason"
        assert not check.types & created(), "the program creates what it looks at: answer it, or say why not"


def test_rules_answer_checks_that_there_are() -> None:
    known = {one.id for checks in CHECKS.values() for one in checks}
    assert {check for rule in RULES for check in rule.answers} <= known


def test_a_check_stands_once() -> None:
    for checks in CHECKS.values():
        names = [one.id for one in checks]
        assert sorted(set(names)) == sorted(names)
