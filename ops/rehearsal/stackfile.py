"""Reading and writing Pulumi's project and stack files without changing what they mean.

YAML has two readings. The engine's parser takes `on`, `yes` and `12:30` for text; PyYAML by itself would make them a
truth value and a number. The loader here follows the engine, so that a value that was only carried over stays the same.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ops.rehearsal.errors import RehearsalError

FLEET = "redoubt:fleet"
PLACEHOLDER = "REPLACE-WITH-"  # begins every value in a committed stack file that only a real or rehearsed run has

# Written into the stack file by the engine, for one backend and one passphrase: never carried from the committed file.
ENGINE_KEYS = ("secretsprovider", "encryptionsalt", "encryptedkey")

Keys = tuple[str | int, ...]


class _EngineLoader(yaml.SafeLoader):
    """SafeLoader with the engine's idea of which plain scalars are not text."""


_EngineLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0o?[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("merge", r"<<", "<"),
):
    _EngineLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(f"^(?:{_pattern})$"),
        [first if first != "\0" else "" for first in _first],
    )


def load(path: Path) -> dict[str, Any]:
    """A YAML file that holds one mapping."""
    try:
        content = yaml.load(path.read_text(), _EngineLoader)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RehearsalError(f"{path} is not valid YAML: {error}\n  remedy: correct the file") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise RehearsalError(f"{path} must hold a mapping\n  remedy: see another stack file of this repository")
    return content


def dump(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def show(keys: Keys) -> str:
    """A path as people write it: `redoubt:fleet.sites[0].region`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def leaves(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Every scalar below `value`, with its path."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*keys, str(key)))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaves(below, (*keys, index))
    else:
        yield keys, value


def refuse_leftovers(config: dict[str, Any], name: str) -> None:
    """No placeholder and no encrypted value may reach the engine: neither can mean anything in a rehearsal."""
    faults = []
    for keys, value in leaves(config):
        if keys and keys[-1] == "secure":
            faults.append(
                f"{show(keys[:-1])} is encrypted for the real stack, whose key a rehearsal does not have: "
                "keep it out of the stack file, or give it a value in the rehearsal's overlay (ops/rehearsal/overlay.py)"
            )
        elif isinstance(value, str) and value.startswith(PLACEHOLDER):
            faults.append(
                f"{show(keys)} is still {value!r}: write the real value, or, where every run makes its own, add it to "
                "the rehearsal's overlay (ops/rehearsal/overlay.py)"
            )
    if faults:
        raise RehearsalError(f"{name} cannot be rehearsed:\n" + "\n".join(f"  {fault}" for fault in faults))
