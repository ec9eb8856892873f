"""What a preview would do, read from the engine's event stream."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ops.errors import OperationError

COUNTED: Final = ("same", "update", "replace", "create", "delete")
_LOSSES: Final = frozenset({"replace", "delete"})
_OTHER_DELETES: Final = frozenset({"discard", "discard-replaced"})
_REPLACING: Final = "-replace"
"""How the kind of a difference ends that forces a replacement: `update-replace`."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that would not stay as it is.

    Attributes:
        operation: `update`, `replace`, `create` or `delete`.
        urn: The resource.
        properties: What differs, as paths in its inputs; of a replacement those that force it. Empty where the engine
            names none: a deletion, or a replacement that follows from another.
    """

    operation: str
    urn: str
    properties: tuple[str, ...]

    @property
    def type(self) -> str:
        """The resource's type token."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A whole preview.

    Attributes:
        counts: Resources by operation, all of `COUNTED`.
        changes: What would not stay as it is, by URN.
        errors: What the engine refused; it may then not have looked at everything.
    """

    counts: dict[str, int]
    changes: tuple[Change, ...]
    errors: tuple[str, ...]

    @property
    def losses(self) -> tuple[Change, ...]:
        """What would be replaced or deleted."""
        return tuple(change for change in self.changes if change.operation in _LOSSES)


def read(output: str) -> Preview:
    """The preview that `pulumi preview --json` printed as a stream of events.

    Raises:
        OperationError: When there is no step in it.
    """
    counts = Counter[str]()
    changes: list[Change] = []
    errors: list[str] = []
    for event in _events(output.splitlines()):
        step = event.get("resourcePreEvent", {}).get("metadata")
        said = event.get("diagnosticEvent", {})
        if said.get("severity") == "error":
            errors.append(str(said.get("message", "")).strip())
        if step is None:
            continue
        operation = "delete" if step["op"] in _OTHER_DELETES else step["op"]
        if operation not in COUNTED:  # reads, and the two halves of a replacement, which is a step of its own too
            continue
        counts[operation] += 1
        if operation != "same":
            changes.append(Change(operation=operation, urn=step["urn"], properties=_properties(operation, step)))
    if not counts:
        raise OperationError("the preview showed no step\n  remedy: see what it printed instead: " + output[-2000:])
    changes.sort(key=lambda change: (COUNTED.index(change.operation), change.urn))
    return Preview(counts={one: counts[one] for one in COUNTED}, changes=tuple(changes), errors=tuple(errors))


def _properties(operation: str, step: dict[str, Any]) -> tuple[str, ...]:
    detailed: dict[str, dict[str, Any]] = step.get("detailedDiff") or {}
    if operation == "replace":
        forcing = {path for path, one in detailed.items() if str(one.get("diffKind", "")).endswith(_REPLACING)}
        return tuple(sorted(forcing or {*(step.get("keys") or ())}))
    if operation == "update":
        return tuple(sorted({*detailed} or {*(step.get("diffs") or ())}))
    return ()


def _events(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("{"):
            yield json.loads(line)
