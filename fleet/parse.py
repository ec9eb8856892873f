"""From the raw value of `redoubt:fleet` to a `Fleet`, or to the problems of its fields, all at once."""

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any, Final, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fleet.discovery import PROVIDERS
from fleet.problems import FleetError, Problem, Refusal
from fleet.secrets import clear_secrets
from fleet.sites import MetalSite
from fleet.spec import Fleet
from fleet.suggest import meant

SITE_MODELS: Final[dict[str, type[BaseModel]]] = {
    **{name: facts.site for name, facts in PROVIDERS.items()},
    "baremetal": MetalSite,
}


def parse(value: object) -> tuple[list[Problem], Fleet | None]:
    """Reads a config value, one field at a time.

    Args:
        value: The parsed value of `redoubt:fleet`: mappings, sequences and scalars.

    Returns:
        The problems of single fields, and the fleet where enough of it could be read to judge it as a whole: also
        with problems, if they are only keys that nobody knows.

    Raises:
        FleetError: At once and alone where a secret stands in clear.
    """
    secrets = tuple(clear_secrets(value, ""))
    if secrets:
        raise FleetError(secrets)
    try:
        return [], Fleet.model_validate_json(json.dumps(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    problems = [_problem(detail, value) for detail in _without_echoes(details)]
    if any(detail["type"] != "extra_forbidden" for detail in details):
        return problems, None
    return problems, Fleet.model_validate_json(json.dumps(_without(value, [detail["loc"] for detail in details])))


def _without_echoes(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Drops "too short" of a list that is only short because its elements were refused."""
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(other["loc"][: len(detail["loc"])] == detail["loc"] and other is not detail for other in details)
    ]


def _without(value: object, locations: Sequence[tuple[int | str, ...]]) -> object:
    """A copy of the value without the unknown keys at the given places."""
    copy: Any = json.loads(json.dumps(value))
    for location in locations:
        *path, last = _real_path(location)
        holder: Any = reduce(getitem, path, copy)
        del holder[last]
    return copy


def _real_path(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The location without what pydantic adds for a union: the tag behind a site's index."""
    if len(location) > 2 and location[0] == "sites" and location[2] in SITE_MODELS:
        return (*location[:2], *location[3:])
    return location


def _field(location: tuple[int | str, ...], value: object) -> str:
    """The path of a field as people write it, with a site's name in place of its index where it has one."""
    at = value
    text = ""
    for step in _real_path(location):
        at = _inside(at, step)
        if isinstance(step, str):
            text += f".{step}" if text else step
        else:
            name = _inside(at, "name")
            text += f"[{name}]" if isinstance(name, str) else f"[{step}]"
    return text or "redoubt:fleet"


def _inside(value: object, step: int | str) -> object:
    """What stands at one step below a value; None where there is no such place."""
    if isinstance(value, Mapping):
        return cast("Mapping[int | str, object]", value).get(step)
    if isinstance(value, list) and isinstance(step, int):
        entries = cast("list[object]", value)
        return entries[step] if step < len(entries) else None
    return None


def _problem(detail: ErrorDetails, value: object) -> Problem:
    """One of pydantic's errors in our words: field, what, remedy; never the value."""
    field = _field(detail["loc"], value)
    context = detail.get("ctx", {})
    refusal = context.get("error")
    if isinstance(refusal, Refusal):
        return Problem(field, refusal.what, refusal.remedy)
    kind = detail["type"]
    if kind == "extra_forbidden":
        return Problem(field, "is not a known key", _suggestion(detail["loc"]))
    for begins, (what, remedy) in MESSAGES.items():
        if kind.startswith(begins):
            return Problem(field, what, remedy.format_map(_Context(context)))
    return Problem(
        field, f"is not valid ({kind})", f"mend it as docs/reference/stack.schema.json says: {detail['msg']}"
    )


NAMES: Final = " or ".join([", ".join(f"'{name}'" for name in PROVIDERS), "'baremetal'"])
MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("is missing", "add it"),
    "literal_error": ("is none of the known values", "write {expected}"),
    "union_tag_invalid": ("names a provider that is not known", "set provider to one of {expected_tags}"),
    "union_tag_not_found": ("does not say its provider", f"add provider: {NAMES}"),
    "int_": ("is not a whole number", "write digits without quotes"),
    "float_": ("is not a number", "write digits without quotes"),
    "bool_": ("is neither true nor false", "write true or false without quotes"),
    "string_too_short": ("is too short", "write at least {min_length} characters"),
    "string_too_long": ("is too long", "write at most {max_length} characters"),
    "string_": ("is not text", "put it in quotes"),
    "tuple_type": ("is not a list", "write it as [first, second]"),
    "model_type": ("is not of the expected form", "write its keys below it, as docs/reference/stack.schema.json says"),
    "model_attributes_type": ("is not a set of keys", "write its keys below it"),
    "dict_type": ("is not a set of keys", "write its keys below it"),
    "too_short": ("has too few entries", "give at least {min_length}"),
    "too_long": ("has too many entries", "give at most {max_length}"),
    "greater_than_equal": ("is too small", "write {ge} or more"),
    "greater_than": ("is too small", "write more than {gt}"),
    "less_than_equal": ("is too large", "write {le} or less"),
    "url_scheme": ("is not https", "give an https:// address"),
    "url_": ("is no URL", "give a complete https:// address"),
}


class _Context(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"the right {key.replace('_', ' ')}"


def _suggestion(location: tuple[int | str, ...]) -> str:
    """Names the key that was probably meant, else all that are possible there."""
    return f"{meant(str(location[-1]), _keys_beside(location))}, or remove it"


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at this place knows."""
    model: type[BaseModel] = Fleet
    for step in location[:-1]:
        if isinstance(step, str) and step in SITE_MODELS:
            model = SITE_MODELS[step]
        elif isinstance(step, str) and step in model.model_fields:
            inner = _model_within(model.model_fields[step].annotation)
            model = inner or model
    return list(model.model_fields)


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation such as `tuple[X, ...]` or `X | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_within(argument)
        if found is not None:
            return found
    return None
