"""Waivers: who lets one rule pass for one resource, why, and until when.

A waiver is no way to switch a rule off. It names one resource by its whole URN, ends by a date, and is a violation
itself once it is expired, unused or not what it should be.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policies.rule import Finding, Metadata, Stack

FILE: Final = Path(__file__).with_name("waivers.yaml")
LONGEST: Final = timedelta(days=183)
"""A waiver is a debt with a date, not a decision for ever."""
_WILD: Final = ("*", "?")
_URN: Final = re.compile(r"urn:pulumi:[^:]+::[^:]+::(?:[^:]|:(?!:))+::(?:[^:]|:(?!:))+")
"""Stack, project, types, name."""


class Waiver(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    rule: str
    resource: str
    reason: str = Field(min_length=10)
    owner: str = Field(min_length=3)
    expires: date


@dataclass
class Waivers:
    """The waivers of one run, and which of them were needed.

    Attributes:
        problems: What is wrong with the file, with the remedy; such an entry waives nothing.
        undecided: Those whose rule waits for a value that is not known yet.
    """

    entries: tuple[Waiver, ...]
    problems: tuple[str, ...] = ()
    used: set[Waiver] = field(default_factory=set[Waiver])
    undecided: set[Waiver] = field(default_factory=set[Waiver])

    def covers(self, rule: Metadata, urn: str) -> bool:
        """Whether a violation of this rule by this resource is waived; counts the waiver as used then."""
        found = [one for one in self.entries if (one.rule, one.resource) == (rule.id, urn)]
        self.used.update(found)
        return bool(found)

    def defer(self, rule: Metadata, urn: str) -> None:
        """Notes that a rule could not judge a resource yet (no URN: any resource), so that a waiver may still be needed."""
        self.undecided.update(one for one in self.entries if one.rule == rule.id and urn in ("", one.resource))

    def unused(self, stack: Stack) -> Iterator[Finding]:
        """Waivers for this stack that nothing needed. Another stack's are its own business."""
        stacks = {_stack_of(one.urn) for one in stack.resources}
        for one in self.entries:
            if one not in self.used | self.undecided and _stack_of(one.resource) in stacks:
                yield Finding("", f"the waiver of {one.rule} for {one.resource} is not needed: take it out")


def load(text: str, rules: Mapping[str, Metadata], today: date) -> Waivers:
    """Reads the file.

    Args:
        text: The file, as YAML.
        rules: Every rule by its id.
        today: The day that expiry is judged by, in UTC.
    """
    try:
        content: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day that no calendar has
        return Waivers(
            (), (f"{FILE.name} is no YAML ({error.__class__.__name__}): mend it; until then it waives nothing",)
        )
    listed = cast("Mapping[str, Any]", content).get("waivers") if isinstance(content, Mapping) else None
    if not isinstance(listed, list) or set(cast("Mapping[str, Any]", content)) != {"waivers"}:
        return Waivers(
            (), (f"{FILE.name} holds something else than a list `waivers`: mend it; until then it waives nothing",)
        )
    entries: list[Waiver] = []
    problems: list[str] = []
    for index, raw in enumerate(cast("list[object]", listed)):
        where = f"{FILE.name}: waivers[{index}]"
        try:
            one = Waiver.model_validate(raw)
        except ValidationError as error:
            problems += [
                f"{'.'.join(map(str, (where, *part['loc'])))}: {part['msg']}: write it as the file's example does"
                for part in error.errors()
            ]
            continue
        alike = any((each.rule, each.resource) == (one.rule, one.resource) for each in entries)
        if wrong := [
            *_problems(one, rules, today),
            *(("rule and resource: another entry has both: keep one",) * alike),
        ]:
            problems += [f"{where}: {text}" for text in wrong]
        else:
            entries.append(one)
    return Waivers(tuple(entries), tuple(problems))


def _problems(one: Waiver, rules: Mapping[str, Metadata], today: date) -> Iterator[str]:
    rule = rules.get(one.rule)
    if rule is None:
        yield f"rule: there is none called {one.rule!r}: see docs/reference/policies.md for their ids"
    elif not rule.waivable:
        yield f"rule: {one.rule} cannot be waived, since a violation could cost the stake: change what violates it"
    if any(sign in one.resource for sign in _WILD) or not _URN.fullmatch(one.resource):
        yield "resource: it is too broad, or no URN: name one resource by its whole URN, as the violation prints it"
    if one.expires < today:
        yield f"expires: it expired on {one.expires}: mend what it waived, or have {one.owner} decide again"
    elif one.expires > today + LONGEST:
        yield f"expires: it ends on {one.expires}: choose a day within {LONGEST.days} days"


def _stack_of(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").partition("::")[0]


def known(rules: Collection[Metadata]) -> dict[str, Metadata]:
    """Rules by id."""
    return {one.id: one for one in rules}
