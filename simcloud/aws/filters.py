"""Filters as EC2's describe calls take them: every one must hold, any of its values, with the wildcards * and ?."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcloud.core.errors import CloudError

WILDCARDS = {"*": ".*", "?": "."}
TAG = "tag:"


@dataclass(frozen=True)
class Seen:
    """Something that a describe call lists: its id, its tags, and by filter name what it can be filtered by."""

    id: str
    tags: Mapping[str, str]
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)


def matches_any(values: Iterable[str], text: str) -> bool:
    """Whether a filter's values let the text through; case counts."""
    return any(re.fullmatch(_pattern(value), text) for value in values)


def invalid(name: str, known: Iterable[str]) -> CloudError:
    """The answer to a filter that the call does not have, or that is not simulated."""
    return CloudError(
        "InvalidParameterValue", f"The filter '{name}' is invalid", f"use one of {', '.join(sorted(known))}"
    )


def chosen(
    seen: Iterable[Seen], names: Iterable[str], filters: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
) -> list[Seen]:
    """What passes the filters and has the tags. `names` are the filters that the call has besides those by tag."""
    known = set(names)
    for entry in filters:
        if entry["name"] not in known and not entry["name"].startswith(TAG):
            raise invalid(entry["name"], {*known, f"{TAG}KEY"})
    wanted = [*filters, *({"name": f"{TAG}{key}", "values": [value]} for key, value in tags.items())]
    return [one for one in seen if all(_passes(one, entry["name"], entry["values"]) for entry in wanted)]


def _passes(one: Seen, name: str, values: Sequence[str]) -> bool:
    if name.startswith(TAG):
        key = name.removeprefix(TAG)
        return key in one.tags and matches_any(values, one.tags[key])
    return any(matches_any(values, fact) for fact in one.facts.get(name, ()))


def _pattern(value: str) -> str:
    return "".join(WILDCARDS.get(letter, re.escape(letter)) for letter in value)
