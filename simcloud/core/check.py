"""What a provider refuses before it calls its cloud, as far as the schema alone decides it.

Unknown values pass every check but those of names; a group of which one member is unknown is left to the update, as
Terraform's SDK does (helper/schema: validateExactlyOneAttribute, validateConflictingAttributes).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simcloud.core.schema import Field
from simcloud.core.values import UNKNOWN, has_unknown

DEFAULTS = "__defaults"
"""The bridge's list of the properties it filled in itself (pulumi-terraform-bridge, pkg/tfbridge/schema.go)."""

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
}


@dataclass(frozen=True)
class Failure:
    """One refused property; `property` is a path such as `ingress[0].fromPort`."""

    property: str
    reason: str


def validate(
    fields: Mapping[str, Field], values: Mapping[str, Any], *, outputs: Iterable[str] = (), path: str = ""
) -> Iterator[Failure]:
    """All failures of an object's properties, nested ones included."""
    settable = {name: field for name, field in fields.items() if not field.output_only}
    given_by_cloud = {*outputs, "id"} | (fields.keys() - settable.keys())
    for name, value in values.items():
        if name == DEFAULTS:
            yield from _defaults_marker(fields, value, path)
        elif name not in settable:
            yield Failure(path + name, _why_unknown(name, settable, given_by_cloud - settable.keys()))
        else:
            yield from _value(settable[name], value, path + name)
    for name, field in settable.items():
        yield from _presence(name, field, values, path)


def with_defaults(fields: Mapping[str, Field], values: Mapping[str, Any], filled: Iterable[str] = ()) -> dict[str, Any]:
    """The properties with the provider's own defaults put in, nested ones too, and the bridge's list of what was.

    A default stays out when it would break a group of which another member is set. `filled` are properties that the
    caller has filled in already.
    """
    result = {name: _nested_defaults(fields.get(name), value) for name, value in values.items() if name != DEFAULTS}
    added = list(filled)
    for name, field in fields.items():
        if field.default_to_send is None or field.output_only or result.get(name) is not None:
            continue
        if any(result.get(other) is not None for other in (*field.conflicts_with, *field.one_of)):
            continue
        result[name] = field.default_to_send
        added.append(name)
    result[DEFAULTS] = sorted(added)
    return result


def without_defaults_marker(value: Any) -> Any:
    """The value without the bridge's lists of defaults, at any depth."""
    if isinstance(value, dict):
        return {name: without_defaults_marker(item) for name, item in value.items() if name != DEFAULTS}
    if isinstance(value, list):
        return [without_defaults_marker(item) for item in value]
    return value


def _nested_defaults(field: Field | None, value: Any) -> Any:
    if field is None or not field.fields:
        return value
    if isinstance(value, dict):
        return with_defaults(field.fields, value)
    if isinstance(value, list):
        return [_nested_defaults(field, item) for item in value]
    return value


def _defaults_marker(fields: Mapping[str, Field], value: Any, path: str) -> Iterator[Failure]:
    """The engine sends the marker back with inputs it kept (ignoreChanges, refresh); it must be one the bridge made."""
    if not isinstance(value, list) or not set(value) <= fields.keys():
        yield Failure(path + DEFAULTS, "is kept by the provider and does not have its form: do not set it")


def _why_unknown(name: str, settable: Mapping[str, Field], given_by_cloud: Iterable[str]) -> str:
    if name in given_by_cloud:
        return "is set by the cloud and cannot be given: remove it"
    near = difflib.get_close_matches(name, settable, n=1)
    if near:
        return f"is not a property of this type: did you mean {near[0]}?"
    return "is not a property of this type: remove it, or add it to simcloud/data if the real provider has it"


def _presence(name: str, field: Field, values: Mapping[str, Any], path: str) -> Iterator[Failure]:
    """Checks that depend on which properties are set; a group is reported once, by its first member."""
    is_set = values.get(name) is not None
    if field.required and not is_set:
        yield Failure(path + name, "is required: set it")
    for group, most in ((field.one_of, 1), (field.at_least_one_of, None)):
        if group and name == group[0]:
            yield from _group(group, most, values, path)
    if not is_set or values[name] is UNKNOWN:
        return
    for other in field.conflicts_with:
        if values.get(other) not in (None, UNKNOWN):
            yield Failure(path + name, f"cannot be set together with {other}: remove one of the two")
    for other in field.requires:
        if values.get(other) is None:
            yield Failure(path + name, f"needs {other}: set it as well, or remove {name}")


def _group(group: tuple[str, ...], most: int | None, values: Mapping[str, Any], path: str) -> Iterator[Failure]:
    given = [name for name in group if values.get(name) is not None]
    if any(values[name] is UNKNOWN for name in given):
        return
    if not given:
        yield Failure(path + group[0], f"one of {', '.join(group)} is required: set one")
    elif most is not None and len(given) > most:
        yield Failure(path + group[0], f"only one of {', '.join(given)} may be set: remove the others")


def _value(field: Field, value: Any, path: str) -> Iterator[Failure]:
    """Checks of one value: its type, then what the field says about it, then what it holds."""
    if value is UNKNOWN or value is None:
        return
    kind, _, element = field.type.partition("<")
    if kind in ("list", "map"):
        if not isinstance(value, list if kind == "list" else dict):
            yield Failure(path, f"is {_name_of(value)} where {field.type} is expected: write a {kind}")
            return
        for key, item in enumerate(value) if isinstance(value, list) else value.items():
            step = f"[{key}]" if kind == "list" else f".{key}"
            yield from _scalar_or_object(field, element.rstrip(">"), item, path + step)
    else:
        yield from _scalar_or_object(field, field.type, value, path)


def _scalar_or_object(field: Field, kind: str, value: Any, path: str) -> Iterator[Failure]:
    if value is UNKNOWN:
        return
    accepted = [option for option in kind.split("|") if _is_a(value, option)]
    if not accepted:
        yield Failure(path, f"is {_name_of(value)} where {kind} is expected: write it as {kind}")
    elif field.fields:
        yield from validate(field.fields, value, path=f"{path}.")
    elif not has_unknown(value):
        yield from _limits(field, value, path)


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, PYTHON_TYPES[kind])


def _limits(field: Field, value: Any, path: str) -> Iterator[Failure]:
    if field.values and value not in field.values:
        yield Failure(path, f"{value!r} is not one of {', '.join(map(str, field.values))}: use one of them")
    if field.min is not None and value < field.min:
        yield Failure(path, f"{value} is below {field.min}: use at least that")
    if field.max is not None and value > field.max:
        yield Failure(path, f"{value} is above {field.max}: use at most that")
    if field.max_length is not None and isinstance(value, str) and len(value) > field.max_length:
        yield Failure(path, f"has {len(value)} characters, at most {field.max_length} are allowed: shorten it")
    if field.pattern is not None and not re.search(field.pattern, value):
        yield Failure(path, f"{value!r} does not match {field.pattern}: write it in that form")


def _name_of(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names[type(value)]
