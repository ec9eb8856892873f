"""Rules against shapes that no provider sends: whatever is there, the run goes on, the rule decides, and soon.

A rule must be total: it reports, or asks for an unknown value, and has no failure of its own that the pack has to
survive. Depth ends where the SDK's decoding does: it gives up at some 190 objects or 320 lists, before any rule
(`tests/policies/test_server.py` shows that only the call fails then).
"""

import math
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi_policy import (
    Policy,
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError  # pyright: ignore[reportPrivateUsage]
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from policies.catalogue import RULES
from policies.pack import Pack
from policies.rule import Rule, StackRule
from tests.policies.test_pack import OPTIONS
from tests.policies.test_rules import ALL
from tests.support.policy_cases import Cases, Sample
from tests.support.policy_samples.fleet import fleet

MEGABYTE = 1_000_000
SLOWEST = 2.0  # seconds of processor time for one rule and one resource
MANY = 5_000  # resources of a large stack
FLEET = "the whole fleet"
MEMORY = 2 * 1024**3  # bytes that this file may take: a rule that takes more fails, and not the machine
FAILED = "the rule failed on it"
Place = tuple[str | int, ...]


ON_RESOURCES = [pytest.param(one, id=one.rule.id) for one in ALL if isinstance(one.rule, Rule)]
CONFIGURED = {one.rule.id for one in ALL if one.rule.settings}
ON_STACKS = [pytest.param(one, id=one.rule.id) for one in ALL if isinstance(one.rule, StackRule)]


@pytest.fixture(scope="module", autouse=True)
def _bounded_memory() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def nested(levels: int, *, lists: bool) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value] if lists else {"x": value}
    return value


ODD: Mapping[str, Any] = {
    "nothing": None,
    "true": True,
    "zero": 0.0,
    "a negative number": -1.0,
    "a large number": 1e300,
    "NaN": math.nan,
    "infinity": math.inf,
    "empty text": "",
    "text": "x",
    "unicode": "\u202e\U0001f4a9\x00é\n\r\x1b[31m",
    "digits of other kinds": "\u00b2",
    "digits of another script": "\u0662-\u0662",
    "many digits": "9" * 5000,
    "a range of ports without end": "1-99999999999999999999",
    "a pattern": "(((*. %s {0}",
    "no address": "999.0.0.0/99",
    "no list": [],
    "no object": {},
    "a list of nothing": [None],
    "a list of empty objects": [{}],
    "a list of numbers": [0.5, math.nan],
    "a list of all": [None, True, 1.0, "x", [], {}, [[]]],
    "an object of nothing": {"x": None},
    "an object with odd names": {"": {"": ""}, "__target": {"__target": "x"}, "a.b": "x", "__defaults": [1.0]},
    "JSON of a policy document": '{"Statement": [{"Effect": [], "Principal": {"AWS": {}}, "Action": 1}]}',
    "JSON of another": '{"Statement": {"Effect": "Allow", "Condition": {"ArnLike": {"a": [[]]}}, "Resource": {}}}',
    "JSON with a long number": f'{{"Statement": {"9" * 5000}}}',
    "a cloud-config": '#cloud-config\n{"users": [1], "write_files": {"path": {}}, "runcmd": 3, "\\ud800": "\\ud800"}',
    "a cloud-config of text": '#cloud-config\n"\\ud800"',
    "many objects in each other": nested(120, lists=False),
    "many lists in each other": nested(120, lists=True),
}
LARGE: Mapping[str, Any] = {
    "a megabyte": "a" * MEGABYTE,
    "a megabyte of lines": "\n" * MEGABYTE,
    "a megabyte of opened lists": "[" * MEGABYTE,
    "a megabyte of opened objects": "#cloud-config\n" + '{"a":' * (MEGABYTE // 5),
    "a megabyte of names of secrets": "password_" * (MEGABYTE // 9),
    "10,000 texts": [str(number) for number in range(10_000)],
    "10,000 objects": [{"protocol": "tcp", "portRange": str(number), "ports": ["1"]} for number in range(10_000)],
    "10,000 names": {f"k{number}": "x" for number in range(10_000)},
}


DEEP = {"500 lists": nested(500, lists=True), "500 objects": nested(500, lists=False)}


@cache
def proxied(name: str) -> Any:
    """A shape inside the SDK's proxy, made once: that costs more than all rules do."""
    value = {**ODD, **LARGE, **DEEP}[name]
    inside = unknown_checking_proxy({"value": value})
    return inside["value"]


class Watched(Mapping[str, Any]):
    """Properties that note which of them were asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values_, self.asked = values, set[str]()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return self.values_[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


@dataclass(frozen=True)
class Told:
    """What one policy said."""

    messages: tuple[str, ...]
    seconds: float

    @property
    def wrong(self) -> str:
        """How the rule is not total, if it is not."""
        if self.seconds > SLOWEST:
            return f"{self.seconds:.1f} s"
        return next((one for one in self.messages if FAILED in one), "")


@cache
def policies(of: type = Rule) -> dict[str, Policy]:
    """A pack for each kind of rule: it remembers inputs, and a stack is not to meet those of hostile resources."""
    return {one.name: one for one in Pack(RULES, "waivers: []", date(2026, 1, 1)).policies()}


def told(policy: Policy, args: Any) -> Told:
    """Asks one policy, as the SDK does.

    Raises:
        Exception: What would end the engine's call.
    """
    messages: list[str] = []
    begun = time.process_time()
    assert isinstance(policy, ResourceValidationPolicy | StackValidationPolicy)
    with suppress(UnknownValueError, _NotApplicableError):
        policy.validate(args, lambda message, urn=None: messages.append(message))
    for one in messages:
        one.encode()  # as the SDK's message does
    return Told(tuple(messages), time.process_time() - begun)


def on(one: Sample, props: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> ResourceValidationArgs:
    given = one.settings if config is None else config
    return ResourceValidationArgs(one.type, props, one.urn, one.name, OPTIONS, None, given)


def paths(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in properties."""
    entries: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in entries:
        yield (*at, key)
        yield from paths(each, (*at, key))


def replaced(value: Any, path: Place, by: Any) -> Any:
    """A copy with another value at a place, that may be new."""
    if not path:
        return by
    first, *rest = path
    if isinstance(value, list):
        return [replaced(each, tuple(rest), by) if at == first else each for at, each in enumerate(value)]
    return {**value, first: replaced(value.get(first), tuple(rest), by)}


@dataclass(frozen=True)
class Target:
    """A resource that a rule looks at, the top-level properties it asks for, and every place in it."""

    one: Sample
    asked: list[str]
    places: list[Place]


@cache
def targets(rule: str) -> list[Target]:
    """One resource of each type that a rule looks at; that of a case where there is one."""
    of = next(one for one in ALL if one.rule.id == rule)
    good = of.sample()
    assert isinstance(good, Sample)
    assert isinstance(of.rule, Rule)
    found = {good.type: good}
    for change in (*of.passes.values(), *of.fails.values()):
        one = change(good)
        found.setdefault(one.type, one)
    for type_ in sorted(of.rule.types or ()):
        found.setdefault(type_, replace(good, type=type_))
    return [_target(rule, one) for one in found.values()]


def _target(rule: str, one: Sample) -> Target:
    props = Watched(unknown_checking_proxy(dict(one.props)))
    told(policies()[rule], on(one, props))
    asked = sorted(props.asked) or ["x"]
    return Target(one, asked, list(dict.fromkeys([*paths(dict(one.props)), *((name,) for name in asked)])))


def not_total(of: Cases, one: Sample, places: Sequence[Place], shapes: Sequence[str]) -> list[str]:
    """Where a rule is not total, in words."""
    policy, props = policies()[of.rule.id], dict(one.props)
    return [
        f"{one.type} {'.'.join(map(str, path))} = {shape}: {answer.wrong}"
        for path in places
        for shape in shapes
        if (answer := told(policy, on(one, unknown_checking_proxy(replaced(props, path, proxied(shape)))))).wrong
    ]


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_on_odd_shapes(of: Cases) -> None:
    assert [text for each in targets(of.rule.id) for text in not_total(of, each.one, each.places, list(ODD))] == []


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_and_quick_on_large_values(of: Cases) -> None:
    found: list[str] = []
    for each in targets(of.rule.id):
        for at, shape in enumerate(LARGE):
            # A rule that reads many properties reads them alike: two of them for each shape, in turn.
            some = {each.asked[(at + step) % len(each.asked)] for step in (0, 1)}
            found += not_total(of, each.one, [(name,) for name in sorted(some)], [shape])
    assert found == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=12) | st.sampled_from(["*", "tcp", "22", "::/0", "all"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("of", ON_RESOURCES)
@settings(derandomize=True, deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_rule_is_total_on_whatever_stands_anywhere(of: Cases, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(targets(of.rule.id)))
    place, value = data.draw(st.sampled_from(target.places)), data.draw(ANYTHING)
    props = unknown_checking_proxy(replaced(dict(target.one.props), place, value))
    assert told(policies()[of.rule.id], on(target.one, props)).wrong == ""


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_whatever_its_resource_is_called(of: Cases) -> None:
    for one in (each.one for each in targets(of.rule.id)):
        for name in ("", "\x1b[31m\n", "::", "s1-cosigner-" + "1" * 5000, "\u00b2" * 100):
            answer = told(policies()[of.rule.id], on(replace(one, name=name), unknown_checking_proxy(dict(one.props))))
            assert not answer.wrong, f"{one.type} {name!r:.40}: {answer.wrong}"
            assert all("\x1b" not in message for message in answer.messages)


@pytest.mark.parametrize("of", [one for one in ON_RESOURCES if one.id in CONFIGURED])
def test_an_odd_setting_ends_no_run(of: Cases) -> None:
    """The engine refuses settings that their schema does not have; here they come all the same."""
    for one in (each.one for each in targets(of.rule.id)):
        for key, value in ((key, value) for key in of.rule.settings for value in ODD.values()):
            told(policies()[of.rule.id], on(one, unknown_checking_proxy(dict(one.props)), {key: value}))


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("of", ON_RESOURCES)
def test_what_is_nested_deeper_than_the_sdk_decodes_ends_no_run(of: Cases, lists: bool) -> None:
    value = proxied("500 lists" if lists else "500 objects")
    for each in targets(of.rule.id):
        for name in sorted({*each.one.props, *each.asked}):
            told(policies()[of.rule.id], on(each.one, unknown_checking_proxy({**each.one.props, name: value})))


def in_stack(given: Sequence[Sample]) -> StackValidationArgs:
    """What the SDK makes of a stack: parents and dependencies that it does not have are left out."""
    props = [unknown_checking_proxy({**one.props, **one.outputs}) for one in given]
    made = [
        PolicyResource(one.type, props[at], one.urn, one.name, OPTIONS, None, None, [], {})
        for at, one in enumerate(given)
    ]
    by_urn = {one.urn: one for one in made}
    by_name = {f"{one.type}::{one.name}": one for one in given} | {one.name: one for one in given}
    for one, resource_ in zip(given, made, strict=True):
        resource_.parent = by_urn.get(one.parent or "")
        resource_.property_dependencies = {
            path: [by_urn[by_name[each].urn] for each in all_ if each in by_name]
            for path, all_ in one.dependencies.items()
        }
    return StackValidationArgs(made)


def of_stack(of: Cases) -> list[Sample]:
    given = of.sample()
    assert not isinstance(given, Sample)
    return list(given)


def in_circles(given: list[Sample]) -> list[Sample]:
    """Every property of every resource comes from itself and its neighbours; the parent of each is the next one."""
    keys = [f"{one.type}::{one.name}" for one in given]
    after = [*given[1:], *given[:1]]
    return [
        replace(
            one,
            parent=after[at].urn,
            dependencies={name: (keys[at], keys[at - 1], keys[(at + 1) % len(keys)]) for name in one.props},
        )
        for at, one in enumerate(given)
    ]


def odd(value: Any) -> Callable[[list[Sample]], list[Sample]]:
    """One property of each resource is odd: a different one each time, so that a rule meets it in the middle."""

    def change(given: list[Sample]) -> list[Sample]:
        return [
            replace(one, props={**one.props, sorted(one.props)[at % len(one.props)]: value}) if one.props else one
            for at, one in enumerate(given)
        ]

    return change


STACKS: Mapping[str, Callable[[list[Sample]], list[Sample]]] = {
    "nothing": lambda _: [],
    "the same URNs twice": lambda given: [*given, *given],
    "parents that are gone": lambda given: [replace(one, parent="urn:gone", provider=None) for one in given],
    "no links": lambda given: [replace(one, dependencies={}) for one in given],
    "circles": in_circles,
    "no stack": lambda given: [one for one in given if one.type != "pulumi:pulumi:Stack"],
    "no properties": lambda given: [replace(one, props={}, outputs={}) for one in given],
    "backwards": lambda given: given[::-1],
    **{f"some is {name}": odd(value) for name, value in ODD.items()},
}


@cache
def changed(rule: str, name: str) -> StackValidationArgs:
    """A changed stack; made once for all rules that judge the whole fleet, since that takes longer than to judge it."""
    if rule == FLEET:
        return in_stack(STACKS[name](list(fleet())))
    return in_stack(STACKS[name](of_stack(next(one for one in ALL if one.rule.id == rule))))


@pytest.mark.parametrize("of", ON_STACKS)
def test_a_rule_on_the_stack_is_total(of: Cases) -> None:
    rule = of.rule.id
    answers = {
        name: told(policies(StackRule)[rule], changed(FLEET if of.good is fleet else rule, name)) for name in STACKS
    }
    assert {name: answer.wrong for name, answer in answers.items() if answer.wrong} == {}


@cache
def large() -> StackValidationArgs:
    """A fleet with everything that rules on the stack have a sample of, and copies of it."""
    others = [of for of in ALL if isinstance(of.rule, StackRule) and of.good is not fleet]
    given = [*fleet(), *(one for of in others for one in of_stack(of))]
    copies = (replace(one, name=f"{one.name}-{at}") for at in range(MANY // len(given)) for one in given)
    return in_stack([*given, *copies])


@pytest.mark.parametrize("of", ON_STACKS)
def test_a_rule_on_the_stack_is_total_and_quick_on_many_resources(of: Cases) -> None:
    answer = told(policies(StackRule)[of.rule.id], large())
    assert answer.seconds < 5 * SLOWEST
    assert FAILED not in "".join(answer.messages)
