"""What a provider's resource types and functions take and give, read from `simcloud/data/<provider>.json`.

The file's own `conventions` say what each key means. A type is parsed when it is first used.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"
NO_FIELDS: Mapping[str, Field] = {}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property of a resource, a function or a nested object; the names are those of the data file."""

    type: str
    required: bool = False
    replaces: bool | None = False
    replaces_when: str | None = None
    replaces_unless: str | None = None
    computed: bool = False
    default: Any = None
    values: tuple[Any, ...] = ()
    unordered: bool = False
    output_only: bool = False
    one_of: tuple[str, ...] = ()
    at_least_one_of: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    fields: Mapping[str, Field] = field(default_factory=lambda: NO_FIELDS)

    @property
    def default_to_send(self) -> Any:
        """The default that the provider itself puts in; the default of a computed property is the cloud's choice."""
        return None if self.computed else self.default


DESCRIPTIVE = {"note", "deprecated"}
"""Keys of the data file that inform the reader and no code."""


def parse_field(raw: Mapping[str, Any]) -> Field:
    """A field from its JSON form; a key that is not known is an error, so that no fact of the data goes unused."""
    options: dict[str, Any] = {}
    for key, value in raw.items():
        if key == "fields":
            options[key] = parse_fields(value)
        elif key not in DESCRIPTIVE:
            options[key] = tuple(value) if isinstance(value, list) else value
    return Field(**options)


def parse_fields(raw: Mapping[str, Any]) -> dict[str, Field]:
    """Fields by name."""
    return {name: parse_field(facts) for name, facts in raw.items()}


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A resource type or a function: its inputs, and the names of the outputs it has besides."""

    token: str
    inputs: Mapping[str, Field]
    outputs: tuple[str, ...]


@functools.cache
def catalogue(path: Path) -> Catalogue:
    """The catalogue of a data file, read once in a process."""
    return Catalogue(path)


class Catalogue:
    """The types and functions of one provider."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @functools.cached_property
    def _raw(self) -> dict[str, Any]:
        return json.loads(self.path.read_text(encoding="utf-8"))

    @property
    def resources(self) -> list[str]:
        """The tokens of all resource types."""
        return list(self._raw["resources"])

    @functools.cache  # noqa: B019 -- a catalogue lives as long as its process
    def schema(self, token: str) -> Schema:
        """The schema of a type or function that the catalogue contains."""
        raw = self._raw["resources"].get(token) or self._raw["invokes"][token]
        inputs = raw.get("inputs", raw.get("args", {}))
        return Schema(token=token, inputs=parse_fields(inputs), outputs=tuple(raw["outputs"]))
