"""What is true of all rules together."""

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from ops.policies import reference
from policies.catalogue import ALL, RULES
from policies.resource_types import KNOWN
from policies.rule import TAGS, Metadata, Rule
from simcloud.aws import models as aws
from simcloud.digitalocean import models as digitalocean
from simcloud.gcp import models as gcp
from tests.support.samples import ROOT

FOLDER = ROOT / "policies" / "rules"
NOTHING_TO_JUDGE = {"gcp:kms/keyRing:KeyRing"}
"""A place and a name; the keys in it are judged."""
COMMANDS = {"command:remote:Command", "command:remote:CopyToRemote"}


def test_no_two_rules_have_one_name() -> None:
    names = [one.id for one in ALL]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_says_what_holds_why_and_what_to_do(rule: Metadata) -> None:
    assert re.fullmatch(r"(fleet|hosts|aws|gcp|digitalocean)(-[a-z0-9]+)+", rule.id)
    assert rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert not rule.remedy.endswith(".")
    assert rule.tags
    assert set(rule.tags) <= TAGS
    assert rule.severity.value in ("critical", "high") or rule.waivable, "what cannot be waived is grave"
    for schema in rule.settings.values():
        assert {"type", "default", "description"} <= schema.keys()


def test_what_could_cost_the_stake_cannot_be_waived() -> None:
    assert [one.id for one in ALL if one.waivable and (one.severity.value == "critical" or "signing" in one.tags)] == []


def test_every_rules_module_is_listed() -> None:
    listed = {rule.check.__module__ for rule in RULES}
    defined = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in FOLDER.rglob("*.py")
        if re.search(r"^RULE: Final", path.read_text(), re.MULTILINE)
    }
    assert listed == defined


def test_a_rule_stands_in_a_module_of_its_own() -> None:
    modules = [rule.check.__module__ for rule in RULES]
    assert sorted(set(modules)) == sorted(modules)


def test_the_packs_modules_hide_no_others() -> None:
    """The engine runs the pack in its own folder, which then comes first on the path."""
    names = {path.stem for path in (ROOT / "policies").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names & (set(sys.stdlib_module_names) | set(packages_distributions())) == set()


def test_the_reference_page_is_what_the_rules_say() -> None:
    assert reference.PAGE.read_text() == reference.page(), "run python -m ops.policies.reference"


def test_the_known_types_are_those_that_the_simulated_clouds_know() -> None:
    """Which know what the program uses, and nothing else."""
    assert aws.MODELS.keys() | gcp.MODELS.keys() | digitalocean.MODELS.keys() == KNOWN - COMMANDS


def test_every_known_type_is_looked_at_by_a_rule_of_its_provider() -> None:
    """Beside the rules about all types."""
    looked_at = {one for rule in RULES if isinstance(rule, Rule) for one in rule.types or ()}
    stack_rules = "".join(
        path.read_text() for path in (ROOT / "policies").rglob("*.py") if path.name != "resource_types.py"
    )
    assert {one for one in KNOWN - looked_at if one not in stack_rules} == NOTHING_TO_JUDGE
