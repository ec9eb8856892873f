"""What the pack does around rules: messages, levels, waivers last, and a rule that fails."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError  # pyright: ignore[reportPrivateUsage]
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.blocks import CannotJudge
from policies.catalogue import RULES
from policies.pack import DOCS, LONGEST, WAIVED, WAIVERS, Pack
from policies.rule import Finding, Rule, Seen, Stack, StackRule
from tests.policies.test_rules import ALL
from tests.support.policy_cases import Cases, Sample

TODAY = date(2026, 7, 1)
BOX = "test:index:Box"
URN = f"urn:pulumi:testnet::redoubt::{BOX}::box"
OPTIONS = PolicyResourceOptions(True, ["open"], None, [], PolicyCustomTimeouts(0, 0, 0), [], "urn:of:parent")


def arguments(
    type_: str, props: Mapping[str, Any], *, urn: str = URN, config: Mapping[str, Any] | None = None
) -> ResourceValidationArgs:
    """What the SDK hands a policy on resources."""
    name = urn.rpartition("::")[2]
    return ResourceValidationArgs(type_, unknown_checking_proxy(dict(props)), urn, name, OPTIONS, None, config)


def resource_in_stack(type_: str, props: Mapping[str, Any], urn: str = URN) -> PolicyResource:
    """One resource of what the SDK hands a policy on stacks."""
    name = urn.rpartition("::")[2]
    return PolicyResource(type_, unknown_checking_proxy(dict(props)), urn, name, OPTIONS, None, None, [], {})


def rule(id_: str, check: Callable[[Seen], Iterator[str]], **fields: Any) -> Rule:
    one = Rule(
        id=f"fleet-{id_}",
        title="A box is closed.",
        why="",
        remedy="close it",
        severity=Severity.HIGH,
        tags=("hygiene",),
        types=frozenset({BOX}),
        check=check,
    )
    return replace(one, **fields)


def over_stack(id_: str, check: Callable[[Stack], Iterator[Finding]], **fields: Any) -> StackRule:
    one = StackRule(
        id=f"fleet-{id_}",
        title="All boxes are closed.",
        why="",
        remedy="close them",
        severity=Severity.HIGH,
        tags=("hygiene",),
        check=check,
    )
    return replace(one, **fields)


def is_open(box: Seen) -> Iterator[str]:
    if box.flag("open"):
        yield "it is open"


def fails(box: Any) -> Iterator[Any]:
    yield from ()
    raise KeyError("a-value-that-could-be-secret")


def made(*rules: Rule | StackRule) -> list[Policy]:
    return Pack(rules, "waivers: []", TODAY).policies()


def said(policy: Policy, args: Any) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    assert isinstance(policy, ResourceValidationPolicy | StackValidationPolicy)
    policy.validate(args, lambda message, urn=None: found.append((message, urn)))
    return found


def all_said(policies: list[Policy], type_: str, props: Mapping[str, Any]) -> dict[str, list[str]]:
    """What every policy says of one resource and of the stack that it is alone in."""
    args = {
        ResourceValidationPolicy: arguments(type_, props),
        StackValidationPolicy: StackValidationArgs([resource_in_stack(type_, props)]),
    }
    return {one.name: [message for message, _ in said(one, args[type(one)])] for one in policies}


def test_a_message_has_the_name_the_finding_the_remedy_and_where_to_read_on() -> None:
    (policy, *_) = made(rule("closed", is_open))
    assert said(policy, arguments(BOX, {"open": True})) == [
        (f"box: it is open\n  remedy: close it ({DOCS}#fleet-closed)", URN)
    ]


def test_a_finding_about_the_whole_stack_names_no_resource() -> None:
    (policy, *_) = made(over_stack("all", lambda _: iter([Finding("", "one is missing")])))
    assert said(policy, StackValidationArgs([])) == [(f"one is missing\n  remedy: close them ({DOCS}#fleet-all)", None)]


@pytest.mark.parametrize("broken", [rule("broken", fails), over_stack("broken", fails)])
def test_a_rule_that_fails_is_violated_and_the_others_still_run(broken: Rule | StackRule) -> None:
    policies = made(rule("before", is_open), broken, rule("after", is_open), over_stack("last", lambda _: iter(())))
    found = all_said(policies, BOX, {"open": True})
    assert [name for name, texts in found.items() if texts] == ["fleet-before", "fleet-broken", "fleet-after"]
    (text,) = found["fleet-broken"]
    assert "the rule failed on it (KeyError), so it cannot be judged: report this" in text
    assert "secret" not in text


@pytest.mark.parametrize("error", [RecursionError, MemoryError, AssertionError, StopIteration, UnicodeError])
def test_no_failure_of_a_rule_ends_the_run(error: type[Exception]) -> None:
    def check(box: Seen) -> Iterator[str]:
        yield "it is open"
        raise error("x")

    found = all_said(made(rule("broken", check)), BOX, {})["fleet-broken"]
    assert "it is open" in found[0]
    assert "the rule failed on it" in found[1]


def test_what_ends_a_process_is_no_failure_of_a_rule() -> None:
    def check(box: Seen) -> Iterator[str]:
        yield from ()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        said(made(rule("broken", check))[0], arguments(BOX, {}))


def test_what_a_rule_cannot_judge_is_a_violation_with_its_reason() -> None:
    def check(box: Seen) -> Iterator[str]:
        yield from ()
        raise CannotJudge("there is no plan")

    (text,) = all_said(made(rule("plan", check)), BOX, {})["fleet-plan"]
    assert text.startswith("box: there is no plan; it cannot be judged so\n")


def test_an_odd_shape_is_a_violation_that_names_the_path_and_not_the_value() -> None:
    (text,) = all_said(made(rule("closed", is_open)), BOX, {"open": "hunter2"})["fleet-closed"]
    assert text.startswith("box: open is text where true or false is expected; it cannot be judged so\n")
    assert "hunter2" not in text


def test_a_rule_does_not_apply_to_other_types() -> None:
    (policy, *_) = made(rule("closed", is_open))
    with pytest.raises(_NotApplicableError):
        said(policy, arguments("test:index:Bag", {"open": True}))


def test_a_rule_without_types_applies_to_all() -> None:
    (policy, *_) = made(rule("closed", is_open, types=None))
    assert len(said(policy, arguments("test:index:Bag", {"open": True}))) == 1


def test_an_unknown_value_passes_on_after_what_was_found() -> None:
    def check(box: Seen) -> Iterator[str]:
        yield "it is open"
        yield from is_open(box)

    found: list[str] = []
    (policy, *_) = made(rule("closed", check))
    assert isinstance(policy, ResourceValidationPolicy)
    with pytest.raises(UnknownValueError):
        policy.validate(arguments(BOX, {"open": UNKNOWN_STRING_VALUE}), lambda text, urn=None: found.append(text))
    assert len(found) == 1


def test_an_unknown_value_passes_on_from_a_rule_on_the_stack() -> None:
    (policy, *_) = made(over_stack("all", lambda stack: iter([Finding("", str(stack.resources[0].flag("open")))])))
    with pytest.raises(UnknownValueError):
        said(policy, StackValidationArgs([resource_in_stack(BOX, {"open": UNKNOWN_STRING_VALUE})]))


def test_an_advisory_rule_stops_nothing_and_others_do() -> None:
    advisory, mandatory, *_ = made(rule("told", is_open, advisory="it is taste"), rule("held", is_open))
    assert advisory.enforcement_level == EnforcementLevel.ADVISORY
    assert mandatory.enforcement_level == EnforcementLevel.MANDATORY


def test_what_is_about_waivers_comes_last() -> None:
    names = [one.name for one in Pack(RULES, "waivers: []", TODAY).policies()]
    assert names == [*(one.id for one in RULES), WAIVERS.id, WAIVED.id]
    assert WAIVERS.level == EnforcementLevel.MANDATORY
    assert WAIVED.level == EnforcementLevel.ADVISORY


def test_a_setting_that_a_rule_does_not_know_is_a_violation_of_it() -> None:
    schema = {"also": {"type": "string"}}
    (policy, *_) = made(rule("closed", is_open, settings=schema))
    assert said(policy, arguments(BOX, {}, config={"also": "x"})) == []
    ((text, urn),) = said(policy, arguments(BOX, {}, config={"also": "x", "else": "y"}))
    assert text.startswith("box: the pack's config has 'else' for this rule, which it does not know: take it out")
    assert urn == URN


def test_a_rule_sees_type_name_urn_options_and_settings() -> None:
    seen: list[Seen] = []
    (policy, *_) = made(rule("closed", lambda box: iter(seen.append(box) or ()), settings={"also": {}}))
    said(policy, arguments(BOX, {"open": False}, config={"also": "x"}))
    (box,) = seen
    assert (box.type, box.name, box.urn) == (BOX, "box", URN)
    assert (box.protect, box.ignore_changes, box.parent) == (True, ("open",), "urn:of:parent")
    assert (box.flag("open"), box.settings.text("also")) == (False, "x")


def test_a_rule_on_the_stack_sees_inputs_as_they_were_checked_and_outputs_beside_them() -> None:
    seen: list[Seen] = []
    policies = made(rule("closed", is_open), over_stack("all", lambda stack: iter(seen.extend(stack.resources) or ())))
    said(policies[0], arguments(BOX, {"open": False}))
    said(policies[1], StackValidationArgs([resource_in_stack(BOX, {"open": True, "id": "b-1"})]))
    (box,) = seen
    assert (box.flag("open"), box.outputs.flag("open"), box.outputs.text("id")) == (False, True, "b-1")
    assert box.get("id") is None


def test_a_long_finding_is_cut_and_keeps_its_remedy() -> None:
    (text,) = all_said(made(rule("long", lambda _: iter(["x" * 1_000_000]))), BOX, {})["fleet-long"]
    assert len(text) < LONGEST + 100
    assert text.endswith(f"x ...\n  remedy: close it ({DOCS}#fleet-long)")


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2K", "\x00", "\u202e", "\u2028", "\ud800", "\x9b"])
def test_a_finding_forges_no_line_and_no_sign_of_a_report(sign: str) -> None:
    (text,) = all_said(made(rule("quote", lambda _: iter([f"it opens {sign}all is well"]))), BOX, {})["fleet-quote"]
    first, second = text.splitlines()
    assert first.startswith("box: it opens \\")
    assert first.endswith("all is well")
    assert second == f"  remedy: close it ({DOCS}#fleet-quote)"
    assert text.encode()


HIDDEN = "correct-horse-battery-staple"
"""What nobody may read in a report."""
PLACES = ("userData", "create", "update", "delete", "stdin", "metadata.startup-script", "environment.HOST_TOKEN")


@pytest.mark.parametrize("of", [pytest.param(one, id=one.rule.id) for one in ALL if isinstance(one.rule, Rule)])
def test_no_finding_tells_a_value_that_is_marked_secret(of: Cases) -> None:
    """The SDK hands rules what is inside a secret, so that it is theirs not to repeat it.

    Stands in every case in what the program marks secret: user data, scripts, commands and what goes with them.
    """
    good = of.sample()
    assert isinstance(good, Sample)
    policy = next(one for one in Pack(RULES, "waivers: []", TODAY).policies() if one.name == of.rule.id)
    for change in (lambda one: one, *of.fails.values()):
        one = change(good)
        for place in PLACES:
            name, _, inside = place.partition(".")
            beside = one.props.get(name) if isinstance(one.props.get(name), dict) else {}
            value = {**beside, inside: f"password={HIDDEN}"} if inside else f"password={HIDDEN}"
            args = ResourceValidationArgs(
                one.type,
                unknown_checking_proxy({**one.props, name: value}),
                one.urn,
                one.name,
                OPTIONS,
                None,
                one.settings,
            )
            found: list[str] = []
            try:
                found = [text for text, _ in said(policy, args)]
            except UnknownValueError:
                continue
            assert HIDDEN not in json.dumps(found)
