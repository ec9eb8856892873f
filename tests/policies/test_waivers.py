"""Waivers: what a good one does, and how each bad one is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from pulumi_policy import ResourceValidationPolicy, Severity, StackValidationArgs, StackValidationPolicy
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from policies import waivers
from policies.catalogue import ALL
from policies.pack import Pack
from policies.rule import Finding, Rule, StackRule
from tests.policies.test_pack import arguments, resource_in_stack

TODAY = date(2026, 7, 1)
URN = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/instance:Instance::s1-sentry-1"
GOOD: dict[str, Any] = {
    "rule": "aws-one",
    "resource": URN,
    "reason": "the image is rebuilt in August",
    "owner": "the night shift",
    "expires": TODAY + timedelta(days=30),
}
ONE = Rule(
    id="aws-one",
    title="It is not open.",
    why="",
    remedy="close it",
    severity=Severity.HIGH,
    tags=("hygiene",),
    types=None,
    check=lambda resource: iter(["it is open"] if resource.flag("open") else ()),
)
TWO = replace(ONE, id="aws-two")
LOCKED = replace(ONE, id="aws-locked", waivable=False)
OVER_ALL = StackRule(
    id="fleet-all",
    title="All are closed.",
    why="",
    remedy="close them",
    severity=Severity.HIGH,
    tags=("hygiene",),
    check=lambda stack: (Finding(one.urn, "it is open") for one in stack.resources if one.flag("open")),
)
RULES = (ONE, TWO, LOCKED, OVER_ALL)


def file(*entries: Any) -> str:
    return yaml.safe_dump({"waivers": list(entries)})


def loaded(text: str, today: date = TODAY) -> waivers.Waivers:
    return waivers.load(text, waivers.known(RULES), today)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


class Run:
    """One run of a pack over resources that are open or not."""

    def __init__(self, text: str, today: date = TODAY, rules: tuple[Rule | StackRule, ...] = RULES) -> None:
        self.policies = Pack(rules, text, today).policies()
        self.said: list[tuple[str, str, str | None]] = []
        self.deferred: list[str] = []

    def over(self, *resources: tuple[str, Any]) -> "Run":
        """Judges resources, each a URN and whether it is open."""
        for policy in self.policies:
            if isinstance(policy, ResourceValidationPolicy):
                for urn, is_open in resources:
                    self._ask(policy, arguments("aws:ec2/instance:Instance", {"open": is_open}, urn=urn))
        stack = [resource_in_stack("aws:ec2/instance:Instance", {"open": is_open}, urn) for urn, is_open in resources]
        for policy in self.policies:
            if isinstance(policy, StackValidationPolicy):
                self._ask(policy, StackValidationArgs(stack))
        return self

    def _ask(self, policy: ResourceValidationPolicy | StackValidationPolicy, args: Any) -> None:
        try:
            policy.validate(args, lambda message, urn=None: self.said.append((policy.name, message, urn)))
        except UnknownValueError:
            self.deferred.append(policy.name)

    def by(self, rule: str) -> list[str]:
        return [message for name, message, _ in self.said if name == rule]

    def about(self, urn: str) -> set[str]:
        return {name for name, _, of in self.said if of == urn and name != "fleet-waived"}


def test_a_waiver_lets_one_rule_pass_for_one_resource_and_is_told() -> None:
    other = URN + "0"
    run = Run(file(GOOD)).over((URN, True), (other, True))
    assert run.about(URN) == {"aws-two", "aws-locked", "fleet-all"}
    assert run.about(other) == {"aws-one", "aws-two", "aws-locked", "fleet-all"}
    assert run.by("fleet-waivers") == []
    ((name, message, urn),) = [one for one in run.said if one[0] == "fleet-waived"]
    assert (name, urn) == ("fleet-waived", URN)
    assert message == "aws-one is waived until 2026-07-31 by the night shift: the image is rebuilt in August"


def test_a_waiver_holds_for_a_rule_on_the_stack_too() -> None:
    run = Run(file({**GOOD, "rule": "fleet-all"})).over((URN, True))
    assert "fleet-all" not in run.about(URN)
    assert run.by("fleet-waivers") == []


def test_a_waiver_that_nothing_needs_is_a_violation() -> None:
    run = Run(file(GOOD)).over((URN, False))
    assert run.by("fleet-waivers") == [f"the waiver of aws-one for {URN} is not needed: take it out"]
    assert run.by("fleet-waived") == []


def test_a_waiver_for_a_resource_that_is_gone_is_a_violation() -> None:
    assert len(Run(file(GOOD)).over((URN + "0", True)).by("fleet-waivers")) == 1


def test_a_waiver_of_another_stack_is_that_stacks_own_business() -> None:
    elsewhere = URN.replace(":testnet:", ":mainnet:")
    run = Run(file({**GOOD, "resource": elsewhere})).over((URN, True))
    assert "aws-one" in run.about(URN)
    assert run.by("fleet-waivers") == run.by("fleet-waived") == []


def test_a_waiver_may_be_needed_as_long_as_its_rule_cannot_judge() -> None:
    run = Run(file(GOOD)).over((URN, UNKNOWN_STRING_VALUE))
    assert "aws-one" in run.deferred
    assert run.by("fleet-waivers") == run.by("fleet-waived") == []


def test_a_waiver_may_be_needed_as_long_as_a_rule_on_the_stack_cannot_judge() -> None:
    run = Run(file({**GOOD, "rule": "fleet-all"})).over((URN, UNKNOWN_STRING_VALUE))
    assert "fleet-all" in run.deferred
    assert run.by("fleet-waivers") == []


def test_another_resource_that_cannot_be_judged_keeps_no_waiver() -> None:
    run = Run(file(GOOD)).over((URN, False), (URN + "0", UNKNOWN_STRING_VALUE))
    assert len(run.by("fleet-waivers")) == 1


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        pytest.param(-1, False, id="yesterday"),
        pytest.param(0, True, id="today"),
        pytest.param(waivers.LONGEST.days, True, id="as late as may be"),
        pytest.param(waivers.LONGEST.days + 1, False, id="a day too late"),
    ],
)
def test_a_waiver_ends_by_its_day(days: int, holds: bool) -> None:
    run = Run(file({**GOOD, "expires": TODAY + timedelta(days=days)})).over((URN, True))
    assert ("aws-one" not in run.about(URN)) == holds
    assert bool(run.by("fleet-waivers")) != holds


BAD: dict[str, tuple[Any, str, str]] = {
    "unknown rule": ({**GOOD, "rule": "aws-none"}, "rule", "see docs/reference/policies.md"),
    "rule by pattern": ({**GOOD, "rule": "aws-*"}, "rule", "see docs/reference/policies.md"),
    "a rule that could cost the stake": ({**GOOD, "rule": "aws-locked"}, "rule", "change what violates it"),
    "the pack's own rule": ({**GOOD, "rule": "fleet-waivers"}, "rule", "see docs"),
    "every resource": ({**GOOD, "resource": "*"}, "resource", "by its whole URN"),
    "a resource by pattern": ({**GOOD, "resource": URN[:-1] + "?"}, "resource", "by its whole URN"),
    "a part of a URN": ({**GOOD, "resource": URN.rpartition("::")[0]}, "resource", "by its whole URN"),
    "a name": ({**GOOD, "resource": "s1-sentry-1"}, "resource", "by its whole URN"),
    "a URN of no stack": ({**GOOD, "resource": URN.replace("testnet", "")}, "resource", "by its whole URN"),
    "a URN of no name": ({**GOOD, "resource": URN.replace("s1-sentry-1", "")}, "resource", "by its whole URN"),
    "expired": ({**GOOD, "expires": TODAY - timedelta(days=1)}, "expires", "have the night shift decide again"),
    "ends too late": ({**GOOD, "expires": date(2100, 1, 1)}, "expires", "choose a day within 183 days"),
    "never ends": ({**GOOD, "expires": None}, "expires", "as the file's example"),
    "ends some day": ({**GOOD, "expires": "soon"}, "expires", "as the file's example"),
    "no owner": (without("owner"), "owner", "as the file's example"),
    "an empty owner": ({**GOOD, "owner": "   "}, "owner", "as the file's example"),
    "no reason": (without("reason"), "reason", "as the file's example"),
    "a reason of spaces": ({**GOOD, "reason": " " * 20}, "reason", "as the file's example"),
    "no day": (without("expires"), "expires", "as the file's example"),
    "no rule": (without("rule"), "rule", "as the file's example"),
    "several rules": ({**GOOD, "rule": ["aws-one", "aws-two"]}, "rule", "as the file's example"),
    "another key": ({**GOOD, "stack": "testnet"}, "stack", "as the file's example"),
    "no object": ("aws-one", "waivers[0]", "as the file's example"),
    "nothing": (None, "waivers[0]", "as the file's example"),
}


@pytest.mark.parametrize(("entry", "field", "remedy"), BAD.values(), ids=BAD)
def test_a_bad_waiver_is_refused_by_field_and_with_the_remedy(entry: Any, field: str, remedy: str) -> None:
    found = loaded(file(entry))
    assert found.entries == ()
    (problem,) = found.problems
    assert problem.startswith("waivers.yaml: waivers[0]")
    assert field in problem
    assert remedy in problem


@pytest.mark.parametrize("entry", [one for one, _, _ in BAD.values()], ids=BAD)
def test_a_bad_waiver_waives_nothing_and_stops_the_update(entry: Any) -> None:
    run = Run(file(entry)).over((URN, True))
    assert run.about(URN) == {"aws-one", "aws-two", "aws-locked", "fleet-all"}
    assert len(run.by("fleet-waivers")) == 1
    assert run.by("fleet-waived") == []


def test_a_good_waiver_beside_a_bad_one_holds() -> None:
    found = loaded(file(None, GOOD))
    assert [one.rule for one in found.entries] == ["aws-one"]
    assert len(found.problems) == 1


def test_of_two_waivers_alike_one_is_too_many() -> None:
    found = loaded(file(GOOD, {**GOOD, "owner": "somebody else"}))
    assert [one.owner for one in found.entries] == ["the night shift"]
    assert found.problems == ("waivers.yaml: waivers[1]: rule and resource: another entry has both: keep one",)


FILES: dict[str, str] = {
    "empty": "",
    "no YAML": "waivers: [",
    "a tag that makes objects": "waivers: !!python/object/apply:os.getcwd []",
    "a day that no calendar has": file(GOOD).replace("2026-07-31", "2026-02-30"),
    "lists without end": "[" * 1_500,
    "a list": "- rule: aws-one",
    "text": "waivers",
    "no list": "waivers: {}",
    "nothing": "waivers:",
    "another key": f"{file(GOOD)}all: true",
    "another key alone": "exceptions: []",
    "a number for a key": "1: []",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_file_that_is_no_list_of_waivers_waives_nothing(text: str) -> None:
    found = loaded(text)
    assert found.entries == ()
    (problem,) = found.problems
    assert problem.startswith("waivers.yaml ")
    assert problem.endswith(": mend it; until then it waives nothing")
    assert Run(text).over((URN, True)).by("fleet-waivers") == [problem]


def test_the_committed_file_is_good() -> None:
    found = waivers.load(waivers.FILE.read_text(), waivers.known(ALL), TODAY)
    assert found.problems == ()


def test_what_has_no_waivers_says_nothing_of_them() -> None:
    assert loaded("waivers: []") == waivers.Waivers(())
