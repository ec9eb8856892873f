"""Outputs of a resource: what a preview can know of them, and how an update or a refresh carries them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcloud.core.model import Properties
from simcloud.core.schema import Field, Schema
from simcloud.core.values import UNKNOWN

BLANKS: Mapping[str, Any] = {"string": "", "boolean": False, "integer": 0}


def blank_outputs(schema: Schema) -> Properties:
    """What computed properties hold when neither the program nor the model says more; objects are left out."""
    computed = {name: field.type for name, field in schema.inputs.items() if field.computed}
    lists = {name: [] for name, kind in computed.items() if kind.startswith("list<")}
    return lists | {name: BLANKS[kind] for name, kind in computed.items() if kind in BLANKS}


def planned_for_create(schema: Schema, inputs: Properties) -> Properties:
    """The outputs at a preview: the inputs, and unknown for all that the cloud chooses."""
    return {**dict.fromkeys(schema.outputs, UNKNOWN), **_planned(schema.inputs, inputs)}


def planned_for_update(schema: Schema, olds: Properties, inputs: Properties, unknown: set[str]) -> Properties:
    """The outputs at a preview of an update: as they are, but for the inputs and what the model says will change."""
    return {**carried(schema, olds, inputs), **dict.fromkeys(unknown, UNKNOWN)}


def carried(schema: Schema, olds: Properties, inputs: Properties) -> Properties:
    """The outputs after an update: the inputs, what the cloud chose before, and nothing of what was taken out."""
    kept = {name: value for name, value in olds.items() if name not in schema.inputs or schema.inputs[name].computed}
    merged = {name: _merged(schema.inputs.get(name), olds.get(name), value) for name, value in inputs.items()}
    return {**kept, **merged}


def refreshed(inputs: Properties, outputs: Properties, drifted: set[str]) -> Properties:
    """The inputs after a refresh: as they were, but for the drifted ones, which take the cloud's value or go."""
    kept = {name: value for name, value in inputs.items() if name not in drifted}
    return kept | {name: outputs[name] for name in drifted & inputs.keys() & outputs.keys()}


def _planned(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Properties:
    unknown = {name: UNKNOWN for name, field in fields.items() if field.computed and name not in values}
    return {**unknown, **{name: _planned_value(fields.get(name), value) for name, value in values.items()}}


def _planned_value(field: Field | None, value: Any) -> Any:
    if field is None or not field.fields:
        return value
    if isinstance(value, dict):
        return _planned(field.fields, value)
    if isinstance(value, list):
        return [_planned_value(field, item) for item in value]
    return value


def _merged(field: Field | None, old: Any, new: Any) -> Any:
    """An object's new value with what the cloud chose in the old one."""
    if field is None or not field.fields or not isinstance(old, dict) or not isinstance(new, dict):
        return new
    kept = {name: old[name] for name, nested in field.fields.items() if nested.computed and name in old}
    return {**kept, **{name: _merged(field.fields.get(name), old.get(name), value) for name, value in new.items()}}
