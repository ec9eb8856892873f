"""Rules against shapes that no provider sends: whatever is there, the run goes on, the rule decides, and soon.

A rule must be total: it reports, or asks for an unknown value, and has no failure of its own that the pack has to
survive. Depth ends where the SDK's decoding does: it gives up at some 190 objects or 320 lists, before any rule
(`tests/policies/test_server.py` shows that only the call fails then).
"""

import math
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError  # pyright: ignore[reportPrivateUsage]
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from policies.catalogue import RULES
from policies.pack import Pack
from policies.rule import Rule, StackRule
from tests.support.policy_cases import Cases, Sample
from tests.support.samples import ROOT

MEGABYTE = 1_000_000
SLOWEST = 2.0  # seconds of processor time for one rule and one resource
MEMORY = 2 * 1024**3  # bytes that this file may take: a rule that takes more fails, and not the machine
FAILED = "the rule failed on it"
Place = tuple[str | int, ...]


def cases() -> list[Cases]:
    folder = ROOT / "tests" / "policies" / "cases"
    modules = sorted(path.relative_to(ROOT).with_suffix("").parts for path in folder.rglob("*.py"))
    return [import_module(".".join(parts)).CASES for parts in modules]


ALL = cases()
ON_RESOURCES = [pytest.param(one, id=one.rule.id) for one in ALL if isinstance(one.rule, Rule)]
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
    "half": 0.5,
    "a large number": 1e300,
    "NaN": math.nan,
    "infinity": math.inf,
    "empty text": "",
    "text": "x",
    "unicode": "\u202e\U0001f4a9\x00é\n\r\x1b[31m",
    "digits of other kinds": "\u00b2",
    "digits of another script": "\u0662\u0662-\u0662\u0662",
    "many digits": "9" * 5000,
    "a range of ports without end": "1-99999999999999999999",
    "a range of ports backwards": "443-22",
    "a format": "%s %(x)s {} {0}",
    "a pattern": "(((*.",
    "no address": "999.0.0.0/99",
    "an address with a zone": "fe80::1%eth0/64",
    "an address in another script": "\u0661\u0660.0.0.0/8",
    "no list": [],
    "no object": {},
    "a list of nothing": [None],
    "a list of lists": [[], [[]]],
    "a list of empty objects": [{}],
    "a list of numbers": [0.5, math.nan],
    "a list of all": [None, True, 1.0, "x", [], {}],
    "an object of nothing": {"x": None},
    "an object with odd names": {"": {"": ""}, "__target": {"__target": "x"}, "a.b": "x", "__defaults": [1.0]},
    "JSON": "NaN",
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


@cache
def proxied(name: str) -> Any:
    """A shape inside the SDK's proxy, made once: that costs more than all rules do."""
    value = {**ODD, **LARGE}[name]
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
def policies() -> dict[str, Policy]:
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


def options(one: Sample) -> PolicyResourceOptions:
    never = PolicyCustomTimeouts(0, 0, 0)
    return PolicyResourceOptions(one.protect, list(one.ignore_changes), None, [], never, [], one.parent)


def on(one: Sample, props: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> ResourceValidationArgs:
    provider = PolicyProviderResource("pulumi:providers:x", {}, one.provider, "x") if one.provider else None
    given = one.settings if config is None else config
    return ResourceValidationArgs(one.type, props, one.urn, one.name, options(one), provider, given)


def samples(of: Cases) -> list[Sample]:
    """One of each type that a rule looks at; that of a case where there is one."""
    good = of.sample()
    assert isinstance(good, Sample)
    assert isinstance(of.rule, Rule)
    found = {good.type: good}
    for change in (*of.passes.values(), *of.fails.values()):
        one = change(good)
        found.setdefault(one.type, one)
    for type_ in sorted(of.rule.types or ()):
        found.setdefault(type_, replace(good, type=type_))
    return list(found.values())


def read_by(of: Cases, one: Sample) -> set[str]:
    """The top-level properties that a rule asks for."""
    props = Watched(unknown_checking_proxy(dict(one.props)))
    told(policies()[of.rule.id], on(one, props))
    return props.asked


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


def not_total(of: Cases, one: Sample, places: Sequence[Place], shapes: Sequence[str]) -> list[str]:
    """Where a rule is not total, in words."""
    policy, props = policies()[of.rule.id], dict(one.props)
    answers = (
        (path, shape, told(policy, on(one, unknown_checking_proxy(replaced(props, path, proxied(shape))))))
        for path in places
        for shape in shapes
    )
    return [
        f"{one.type} {'.'.join(map(str, path))} = {shape}: {answer.wrong}"
        for path, shape, answer in answers
        if answer.wrong
    ]


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_on_odd_shapes(of: Cases) -> None:
    found: list[str] = []
    for one in samples(of):
        places = dict.fromkeys([*paths(dict(one.props)), *((name,) for name in sorted(read_by(of, one)))])
        found += not_total(of, one, list(places), list(ODD))
    assert found == []


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_and_quick_on_large_values(of: Cases) -> None:
    found: list[str] = []
    for one in samples(of):
        found += not_total(of, one, [(name,) for name in sorted(read_by(of, one))], list(LARGE))
    assert found == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=12) | st.sampled_from(["*", "tcp", "22", "::/0", "all"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("of", ON_RESOURCES)
@settings(derandomize=True, deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_rule_is_total_on_whatever_stands_anywhere(of: Cases, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(known_samples(of.rule.id)))
    path = data.draw(st.sampled_from(known_paths(of.rule.id, one.type)))
    value = data.draw(ANYTHING)
    answer = told(policies()[of.rule.id], on(one, unknown_checking_proxy(replaced(dict(one.props), path, value))))
    assert not answer.wrong, f"{path}: {answer.wrong}"


@cache
def known_samples(rule: str) -> list[Sample]:
    return samples(next(one for one in ALL if one.rule.id == rule))


@cache
def known_paths(rule: str, type_: str) -> list[Place]:
    of = next(one for one in ALL if one.rule.id == rule)
    one = next(each for each in known_samples(rule) if each.type == type_)
    return [*paths(dict(one.props)), *((name,) for name in sorted(read_by(of, one)))] or [("x",)]


@pytest.mark.parametrize("of", ON_RESOURCES)
def test_a_rule_is_total_whatever_its_resource_is_called(of: Cases) -> None:
    for one in samples(of):
        for name in ("", "\x1b[31m\n", "::", "s1-cosigner-" + "1" * 5000, "\u00b2" * 100):
            answer = told(policies()[of.rule.id], on(replace(one, name=name), unknown_checking_proxy(dict(one.props))))
            assert not answer.wrong, f"{one.type} {name!r:.40}: {answer.wrong}"
            assert all("\x1b" not in message for message in answer.messages)


@pytest.mark.parametrize("of", [one for one in ON_RESOURCES if one.values[0].rule.settings])
@pytest.mark.parametrize("shape", ODD)
def test_an_odd_setting_ends_no_run(of: Cases, shape: str) -> None:
    """The engine refuses settings that their schema does not have; here they come all the same."""
    for one in samples(of):
        for key in of.rule.settings:
            told(policies()[of.rule.id], on(one, unknown_checking_proxy(dict(one.props)), {key: ODD[shape]}))


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("of", ON_RESOURCES)
def test_what_is_nested_deeper_than_the_sdk_decodes_ends_no_run(of: Cases, lists: bool) -> None:
    value = deep(lists)
    for one in samples(of):
        for name in sorted({*one.props, *read_by(of, one)}):
            told(policies()[of.rule.id], on(one, unknown_checking_proxy({**one.props, name: value})))


@cache
def deep(lists: bool) -> Any:
    return unknown_checking_proxy({"value": nested(500, lists=lists)})["value"]
