"""How rules are tested: one good sample, and one change to it at a time.

A module of cases stands beside each rule, under tests/policies/cases; `tests/policies/test_rules.py` runs
them all, and `tests/support/rule_mutants.py` shows that they notice when a rule is weakened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.blocks import CannotJudge
from policies.rule import Rule, Seen, Stack, StackRule

Change = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One resource of a sample.

    Attributes:
        type: Its type token.
        name: Its logical name, which its URN ends with.
        props: Its inputs.
        outputs: What a stack rule sees beside its inputs.
        dependencies: Names of the samples that each property comes from.
    """

    type: str
    name: str
    props: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool = False
    parent: str | None = None
    provider: str | None = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def urn(self) -> str:
        return f"urn:pulumi:testnet::redoubt::{self.type}::{self.name}"

    def seen(self, urns: Mapping[str, str] | None = None) -> Seen:
        """As a rule sees it. Dependencies may name samples, or be URNs."""
        given = urns or {}
        return Seen(
            type=self.type,
            name=self.name,
            urn=self.urn,
            props=unknown_checking_proxy(deepcopy(dict(self.props))),
            protect=self.protect,
            ignore_changes=self.ignore_changes,
            delete_before_replace=self.delete_before_replace,
            parent=self.parent,
            provider=self.provider,
            settings=self.settings,
            outputs=unknown_checking_proxy(deepcopy({**self.props, **self.outputs})),
            dependencies={key: tuple(given.get(one, one) for one in all_) for key, all_ in self.dependencies.items()},
        )


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The cases of one rule.

    Attributes:
        good: A resource, or for a stack rule all resources of a stack, that the rule lets pass; or what makes them.
        fails: One change each that the rule must find, by what it breaks.
        passes: Changes that it must let pass.
        defers: Changes to unknown values that it cannot judge.
        settings: The settings of a stack rule.
    """

    rule: Rule | StackRule
    good: Sample | Sequence[Sample] | Callable[[], Sample | Sequence[Sample]]
    fails: Mapping[str, Change]
    passes: Mapping[str, Change] = field(default_factory=dict[str, Change])
    defers: Mapping[str, Change] = field(default_factory=dict[str, Change])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def sample(self) -> Sample | Sequence[Sample]:
        """The good sample."""
        return self.good() if callable(self.good) else self.good


def judge(
    rule: Rule | StackRule, given: Sample | Sequence[Sample], settings: Mapping[str, Any] | None = None
) -> list[str]:
    """What a rule finds. An odd shape counts as found, as it does in the pack.

    Raises:
        UnknownValueError: When it has to be deferred.
    """
    try:
        return list(_found(rule, given, settings or {}))
    except CannotJudge as error:
        return [str(error)]


def _found(rule: Rule | StackRule, given: Sample | Sequence[Sample], settings: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(rule, Rule):
        assert isinstance(given, Sample), "a rule on single resources takes one"
        assert rule.types is None or given.type in rule.types, f"{rule.id} does not look at {given.type}"
        return rule.check(given.seen())
    assert not isinstance(given, Sample), "a stack rule takes several"
    urns = {f"{one.type}::{one.name}": one.urn for one in given}
    names = {one.name: one.urn for one in given}
    stack = Stack(tuple(one.seen({**names, **urns}) for one in given), settings)
    return (finding.text for finding in rule.check(stack))


def verdict(rule: Rule | StackRule, given: Sample | Sequence[Sample], settings: Mapping[str, Any] | None = None) -> str:
    """`pass`, `fail` or `deferred`. A rule may fail and be deferred at once: then it failed."""
    found: list[str] = []
    try:
        for text in _found(rule, given, settings or {}):
            found.append(text)  # noqa: PERF402 - what was found before an unknown value counts
    except CannotJudge:
        return "fail"
    except UnknownValueError:
        return "fail" if found else "deferred"
    return "fail" if found else "pass"


def put(path: str, value: Any) -> Change:
    """Sets a property, at a path such as `ingress.0.cidr`; makes the objects on the way."""

    def change(sample: Sample) -> Sample:
        props = deepcopy(dict(sample.props))
        at: Any = props
        *way, last = path.split(".")
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        if isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
        return replace(sample, props=props)

    return change


def put_key(path: str, key: str, value: Any) -> Change:
    """Sets a property whose name has dots in it: `key` of the object at `path` (empty: the resource's own)."""

    def change(sample: Sample) -> Sample:
        props = deepcopy(dict(sample.props))
        at: Any = props
        for step in filter(None, path.split(".")):
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        at[key] = value
        return replace(sample, props=props)

    return change


def drop(path: str) -> Change:
    """Takes a property, or an entry of a list, out."""

    def change(sample: Sample) -> Sample:
        props = deepcopy(dict(sample.props))
        at: Any = props
        *way, last = path.split(".")
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        del at[int(last) if isinstance(at, list) else last]
        return replace(sample, props=props)

    return change


def unknown(path: str) -> Change:
    """Makes a property unknown, as a preview has it."""
    return put(path, UNKNOWN_STRING_VALUE)


def having(**fields: Any) -> Change:
    """Changes what is no property: `protect`, `name`, `type`, `ignore_changes`, `dependencies`, ..."""

    def change(sample: Sample) -> Sample:
        return replace(sample, **fields)

    return change


def all_of(*changes: Change) -> Change:
    """Several changes, in this order."""

    def change(given: Any) -> Any:
        for one in changes:
            given = one(given)
        return given

    return change


def on(name: str, *changes: Change, type: str | None = None) -> Change:  # noqa: A002 - the engine's word
    """Changes the one resource of that name (and type, where a name is not unique) among several."""

    def change(given: Sequence[Sample]) -> list[Sample]:
        hit = [one for one in given if one.name == name and type in (None, one.type)]
        assert len(hit) == 1, f"{len(hit)} samples are called {name}"
        return [all_of(*changes)(one) if one is hit[0] else one for one in given]

    return change


def without(name: str, type: str | None = None) -> Change:  # noqa: A002 - the engine's word
    """Takes the one resource of that name out of several."""

    def change(given: Sequence[Sample]) -> list[Sample]:
        left = [one for one in given if one.name != name or type not in (None, one.type)]
        assert len(left) == len(given) - 1, f"{len(given) - len(left)} samples are called {name}"
        return left

    return change


def plus(*more: Sample) -> Change:
    """Adds resources."""

    def change(given: Sequence[Sample]) -> list[Sample]:
        return [*given, *more]

    return change
