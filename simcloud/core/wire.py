"""Between the engine's property values and plain values.

Secret marks are dropped on the way in: the provider tells the engine that it does not keep them (`acceptSecrets`
false), and the engine then puts them back on inputs and outputs of the same name by itself. Resource references and
output values are not asked for either. Assets are refused: no modelled property takes one. An unknown value is the
engine's marker string: the SDK (3.272.0) reads it as text and cannot write its own `Computed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN as MARKER

from simcloud.core.errors import SimcloudError
from simcloud.core.values import UNKNOWN


def to_plain(value: PropertyValue) -> Any:
    """The plain form of one value; null properties of a map are dropped, since null means not set."""
    inner = value.value
    if inner == MARKER:
        return UNKNOWN
    if inner is None or isinstance(inner, bool | str):
        return inner
    if isinstance(inner, float):
        return int(inner) if inner.is_integer() else inner
    if isinstance(inner, Mapping):
        return plain_map(inner)
    if isinstance(inner, Sequence):
        return [to_plain(item) for item in inner]
    raise SimcloudError(f"a value of type {value.type.value} cannot be simulated: use plain values in its place")


def plain_map(values: Mapping[str, PropertyValue]) -> dict[str, Any]:
    """The plain form of a property map."""
    plain = {name: to_plain(value) for name, value in values.items()}
    return {name: value for name, value in plain.items() if value is not None}


def to_property(value: Any) -> PropertyValue:
    """The engine's form of a plain value."""
    if value is UNKNOWN:
        return PropertyValue(MARKER)
    if isinstance(value, bool) or value is None:
        return PropertyValue(value)
    if isinstance(value, int | float):
        return PropertyValue(float(value))
    if isinstance(value, dict):
        return PropertyValue(property_map(value))
    if isinstance(value, list):
        return PropertyValue([to_property(item) for item in value])
    return PropertyValue(value)


def property_map(values: Mapping[str, Any]) -> dict[str, PropertyValue]:
    """The engine's form of a map of plain values."""
    return {name: to_property(value) for name, value in values.items()}
