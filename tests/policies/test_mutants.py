"""Weakened rules are noticed: every rule can fail, and every part of it is there for something."""

from importlib import import_module

import pytest

from tests.policies.test_rules import ALL
from tests.support.policy_cases import Cases
from tests.support.rule_mutants import mutants, noticed

EQUIVALENT = {
    ("policies.rules.digitalocean.nobodys_key", "64 plus one"): "a key that takes 65 attempts is one in 2**65",
    ("policies.rules.gcp.firewall_in_force", "1000 plus one"): "GCP's default priority is far from either bound",
    ("policies.rules.gcp.key_rotation", "0 plus one"): "what is no duration counts as none, or as a second",
    ("policies.rules.hosts.user_data_login", "1 plus one"): "a value of several words equals none that is wanted",
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
