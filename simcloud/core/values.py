"""Plain values of properties: what JSON holds, and one marker for what a preview does not know yet."""

from __future__ import annotations

import enum
from typing import Any


class Unknown(enum.Enum):
    """The type of UNKNOWN; an enum, so that there is one of it, and copying or comparing it is safe."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
"""A value that only an update will know."""


def has_unknown(value: Any) -> bool:
    """Whether the value is, or anywhere holds, something unknown."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def is_blank(value: Any) -> bool:
    """Whether the value is what Terraform's SDK cannot tell from "not set": the zero value of its type."""
    return value is None or value is False or value in ("", 0) or value in ([], {})


def known(inputs: dict[str, Any], name: str) -> Any:
    """The value of a property, None when it is unset or not known yet: for checks that wait for a known value."""
    value = inputs.get(name)
    return None if has_unknown(value) else value
