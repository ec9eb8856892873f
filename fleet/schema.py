"""Writes the JSON schema of stack files to docs/reference, where editors find it.

Run as `python -m fleet.schema`; with `--check` it only says whether the file is current.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from fleet.spec import Fleet

TARGET: Final = Path(__file__).resolve().parent.parent / "docs" / "reference" / "stack.schema.json"


def stack_schema() -> dict[str, Any]:
    """The schema of a stack file: the engine's own keys are open, `redoubt:fleet` is exact."""
    fleet = Fleet.model_json_schema(ref_template="#/$defs/{model}")
    definitions = fleet.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Redoubt stack file",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": ["redoubt:fleet", "pulumi:disable-default-providers"],
                "properties": {
                    "redoubt:fleet": {"$ref": "#/$defs/Fleet"},
                    "pulumi:disable-default-providers": {"const": ["*"]},
                },
            }
        },
        "$defs": {**definitions, "Fleet": fleet},
    }


def rendered() -> str:
    """The file's content."""
    return json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Writes or checks; returns the exit code."""
    if "--check" in arguments:
        current = TARGET.exists() and TARGET.read_text() == rendered()
        if not current:
            sys.stderr.write(f"{TARGET.name} is not current: run python -m fleet.schema\n")
        return 0 if current else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(rendered())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
