"""What a change of inputs does: which properties differ, at which path, and whether the resource is replaced.

The inputs are compared with the state, as Terraform's SDK does, so that drift seen by a refresh is a difference too.
The state of a computed property that the program leaves out is no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from simcloud.core.schema import Field
from simcloud.core.values import UNKNOWN, has_unknown, is_blank

IDENTIFIER = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")


@dataclass(frozen=True)
class Change:
    """One difference. `path` has indices (`ingress[1].fromPort`), `property` has none (`ingress.fromPort`)."""

    path: str
    property: str
    kind: Literal["add", "delete", "update"]
    old: Any
    new: Any
    replaces: bool = False


@dataclass(frozen=True)
class Rules:
    """What only a type's model can say: which spellings are equal, and which changes replace under a condition."""

    same: Callable[[str, Any, Any], bool]
    decisions: Mapping[str, Callable[[Change], bool]]


def compare(
    fields: Mapping[str, Field], olds: Mapping[str, Any], news: Mapping[str, Any], rules: Rules
) -> list[Change]:
    """All differences between the state and the inputs of one resource, in the order of the schema."""
    return list(_object(fields, olds, news, rules, path="", prop="", forced=False))


def _object(
    fields: Mapping[str, Field],
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    rules: Rules,
    *,
    path: str,
    prop: str,
    forced: bool,
) -> Iterator[Change]:
    for name, field in fields.items():
        if field.output_only:
            continue
        yield from _field(field, olds.get(name), news.get(name), rules, path=path + name, prop=prop + name, up=forced)


def _field(field: Field, old: Any, new: Any, rules: Rules, *, path: str, prop: str, up: bool) -> Iterator[Change]:
    """The differences below one property; `up` is whether a property around it replaces on any change."""
    if new is None and (field.computed or is_blank(old)):
        return
    if (is_blank(old) and is_blank(new)) or old == new or rules.same(prop, old, new):
        return
    found = _differences(field, old, new, rules, path=path, prop=prop)
    for change in found:
        decide = rules.decisions.get(prop)
        forced = up or (decide(change) if decide else field.replaces is True)
        yield replace(change, replaces=change.replaces or forced)


def _differences(field: Field, old: Any, new: Any, rules: Rules, *, path: str, prop: str) -> Iterator[Change]:
    if has_unknown(new) and not isinstance(new, dict):
        yield Change(path, prop, "update" if old is not None else "add", old, new)
    elif field.type.startswith("list<"):
        old_items: list[Any] = old if isinstance(old, list) else []
        new_items: list[Any] = new if isinstance(new, list) else []
        yield from _list(field, old_items, new_items, rules, path=path, prop=prop)
    elif field.type.startswith("map<"):
        yield from _map(old or {}, new or {}, path=path, prop=prop)
    elif field.fields:
        yield from _object(field.fields, old or {}, new or {}, rules, path=f"{path}.", prop=f"{prop}.", forced=False)
    else:
        yield Change(path, prop, _kind(old, new), old, new)


def _kind(old: Any, new: Any) -> Literal["add", "delete", "update"]:
    if new is None:
        return "delete"
    return "add" if old is None else "update"


def _map(old: dict[str, Any], new: dict[str, Any], *, path: str, prop: str) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            step = f".{key}" if IDENTIFIER.match(key) else f'["{key}"]'
            yield Change(path + step, prop, _kind(old.get(key), new.get(key)), old.get(key), new.get(key))


def _list(field: Field, old: list[Any], new: list[Any], rules: Rules, *, path: str, prop: str) -> Iterator[Change]:
    for old_index, new_index in _pairs(field, old, new, rules, prop):
        old_item = None if old_index is None else old[old_index]
        new_item = None if new_index is None else new[new_index]
        index = new_index if new_index is not None else old_index
        if field.fields and old_item is not None and new_item is not None:
            nested = f"{path}[{index}]."
            yield from _object(field.fields, old_item, new_item, rules, path=nested, prop=f"{prop}.", forced=False)
        elif old_item != new_item:
            forced = any(nested.replaces is True for nested in field.fields.values())
            kind = _kind(old_item, new_item)
            yield Change(f"{path}[{index}]", prop, kind, old_item, new_item, replaces=forced)


def _pairs(
    field: Field, old: list[Any], new: list[Any], rules: Rules, prop: str
) -> Iterator[tuple[int | None, int | None]]:
    """Which old element a new one is to be compared with: the one at its place, or in a set the one that is equal.

    Elements of a set that have no equal are paired when their required fields agree (a rule's ports and protocol, a
    device's name), so that a changed description is one difference and not two.
    """
    if not field.unordered:
        length = max(len(old), len(new))
        yield from ((i if i < len(old) else None, i if i < len(new) else None) for i in range(length))
        return

    def equal(before: Any, after: Any) -> bool:
        return _equal(field, before, after, rules, prop)

    added = [i for i, item in enumerate(new) if item not in new[:i] and not any(equal(other, item) for other in old)]
    gone = [i for i, item in enumerate(old) if item not in old[:i] and not any(equal(item, other) for other in new)]
    for index in added:
        partner = next((i for i in gone if _same_identity(field, old[i], new[index])), None)
        if partner is not None:
            gone.remove(partner)
        yield partner, index
    yield from ((index, None) for index in gone)


def _equal(field: Field, old: Any, new: Any, rules: Rules, prop: str) -> bool:
    if not field.fields or not isinstance(old, dict) or not isinstance(new, dict):
        return old == new
    return not any(_object(field.fields, old, new, rules, path="", prop=f"{prop}.", forced=False))


def _same_identity(field: Field, old: Any, new: Any) -> bool:
    required = [name for name, nested in field.fields.items() if nested.required]
    return bool(required) and all(old.get(name) == new.get(name) and new.get(name) is not UNKNOWN for name in required)
