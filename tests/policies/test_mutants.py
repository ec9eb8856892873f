"""Weakened rules are noticed: every rule can fail, and every part of it is there for something."""

from importlib import import_module

import pytest

from tests.policies.test_rules import ALL
from tests.support.policy_cases import Cases
from tests.support.rule_mutants import mutants, noticed

EQUIVALENT = {
    ("policies.rules.fleet.claims", "3 plus one"): "how many failures of a claim are told",
}
"""Changes that weaken nothing, and why."""


@pytest.mark.parametrize("cases", ALL, ids=lambda one: one.rule.id)
def test_a_weakened_rule_is_noticed(cases: Cases) -> None:
    module = import_module(cases.rule.check.__module__)
    made = list(mutants(module))
    assert made, "nothing in it could be weakened"
    missed = [
        f"{one.where}: {one.change}"
        for one in made
        if (module.__name__, one.change) not in EQUIVALENT and not noticed(one, cases)
    ]
    assert missed == []
