"""Taking resources that exist into the state, by the engine's own import."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.stacks import Stack

_ABSENT: Final = re.compile(r"resource '(?P<id>.+?)' does not exist")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One resource to import.

    Attributes:
        urn: What the program calls it.
        id: Under which id its provider imports it.
        resource: As the preview describes it, with parent and provider.
    """

    urn: str
    id: str
    resource: Mapping[str, Any]


def take_in(stack: Stack, imports: Sequence[Import]) -> list[Import]:
    """Imports those that exist; an id that only followed from the inputs may belong to nothing.

    Returns:
        What is in the state now.

    Raises:
        OperationError: When the engine refuses for another reason than that a resource is not there.
    """
    left = list(imports)
    while left:
        said = _run(stack, left)
        if said is None:
            return left
        absent = {one["id"] for one in _ABSENT.finditer(said)}
        there = [one for one in left if one.id not in absent]
        if len(there) == len(left):
            raise OperationError(
                f"what was found in the account could not be taken into the state:\n{said}\n"
                "  remedy: mend what it says, then run this again; nothing was made or deleted"
            )
        left = there
    return []


def _run(stack: Stack, imports: Sequence[Import]) -> str | None:
    """None where all went well, else what the engine printed."""
    with tempfile.TemporaryDirectory(prefix="redoubt-import-") as folder:
        path = Path(folder) / "import.json"
        path.write_text(json.dumps(document(imports)))
        done = stack.pulumi(
            *("import", "--file", str(path), "--yes", "--non-interactive", "--suppress-progress", "--color", "never"),
            *("--protect=false", "--generate-code=false"),  # the program says what is protected, at the next update
            check=False,
        )
    return None if done.returncode == 0 else f"{done.stdout}{done.stderr}".strip()


def document(imports: Sequence[Import]) -> dict[str, Any]:
    """What `pulumi import --file` reads: parents and providers go by names of a table."""
    urns: dict[str, str] = {}

    def named(urn: str) -> str:
        return urns.setdefault(urn, f"u{len(urns)}")

    resources: list[dict[str, Any]] = []
    for one in imports:
        entry = {"type": one.resource["type"], "name": one.urn.rpartition("::")[2], "id": one.id}
        if parent := one.resource.get("parent"):
            entry["parent"] = named(parent)
        if provider := str(one.resource.get("provider", "")).rpartition("::")[0]:
            entry["provider"] = named(provider)
        resources.append(entry)
    return {"nameTable": {name: urn for urn, name in urns.items()}, "resources": resources}
