"""Reads the event stream of `pulumi refresh --preview-only --json`, strictly.

What is cut off, out of order, of an unknown kind or does not add up is an error: of a stream that is not understood nobody
can say that there is no drift. The form is the engine's (sdk/go/common/apitype/events.go, engine 3.259).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ops.drift.model import Change, ChangeKind, Refresh, Seen, fields, items
from ops.errors import OperationError

REMEDY: Final = "run it again; if it stays, run `pulumi refresh --preview-only --diff` and read what the engine says"

STEP: Final = "refresh"
RESULTS: Final = frozenset({"same", "update", "delete"})
IGNORED: Final = frozenset(
    {
        "preludeEvent",
        "progressEvent",
        "stdoutEvent",
        "policyLoadEvent",
        "policyAnalyzeSummaryEvent",
        "startDebuggingEvent",
    }
)
"""Events that say nothing about a resource."""
KINDS: Final[Mapping[str, tuple[ChangeKind, bool]]] = {
    "add": ("add", False),
    "add-replace": ("add", True),
    "delete": ("delete", False),
    "delete-replace": ("delete", True),
    "update": ("update", False),
    "update-replace": ("update", True),
}
READ_ONLY: Final = frozenset({"pulumi:pulumi:StackReference"})
"""Read from elsewhere at each run; their change is nobody's drift."""


class StreamError(OperationError):
    """The stream does not say whether there is drift."""


def parse(text: str, expected: Iterable[str] = ()) -> Refresh:
    """What the refresh saw.

    Args:
        text: What the engine printed. Lines before the first event are let through: plugins are announced there.
        expected: URNs that have to be among what it saw.

    Raises:
        StreamError: When the stream is incomplete, not understood, or contradicts itself.
    """
    reader = _Reader()
    events = _events(text)
    last = -1
    for event in events:
        kind, content = _kind(event, last)
        last = event["sequence"]
        reader.take(kind, content)
    if "cancelEvent" not in events[-1]:
        raise _wrong("the stream ends before the engine did")
    return reader.finished(set(expected))


class _Reader:
    """What was read so far."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.results: dict[str, str] = {}
        self.seen: list[Seen] = []
        self.summary: Mapping[str, Any] | None = None

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        """One event."""
        if kind == "diagnosticEvent":
            _refuse_error(content)
        elif kind in IGNORED or kind == "cancelEvent":
            return
        elif self.summary is not None:
            raise _wrong(f"an event {kind} comes after the summary")
        elif kind == "resourcePreEvent":
            self.begun.append(_begun(content))
        elif kind == "resOutputsEvent":
            self._result(content)
        elif kind == "summaryEvent":
            self.summary = content
        else:
            raise _wrong(f"an event is of the unknown kind {kind!r}")

    def _result(self, content: Mapping[str, Any]) -> None:
        one, op = _seen(content)
        if one.urn in self.results:
            raise _wrong(f"{one.urn} is there twice")
        self.results[one.urn] = op
        self.seen.append(one)

    def finished(self, expected: set[str]) -> Refresh:
        """All of it, once it adds up."""
        if self.summary is None:
            raise _wrong("it has no summary")
        _refuse_summary(self.summary, Counter(self.results.values()))
        if sorted(self.begun) != sorted(self.results):
            raise _wrong(f"{len(self.begun)} resources were begun and {len(self.results)} finished")
        missing = sorted(expected - self.results.keys())
        if missing:
            raise _wrong(f"{len(missing)} resources of the state were not looked at, {missing[0]} for one")
        return Refresh(seen=tuple(one for one in self.seen if one.type not in READ_ONLY))


def _wrong(what: str) -> StreamError:
    return StreamError(f"the engine's event stream cannot be trusted: {what}\n  remedy: {REMEDY}")


def _events(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if not line.strip() or (not found and not line.startswith("{")):
            continue
        try:
            event = json.loads(line)
        except ValueError:
            raise _wrong(f"line {len(found) + 1} is not JSON") from None
        if not isinstance(event, dict):
            raise _wrong(f"line {len(found) + 1} is no event")
        found.append(fields(event))  # pyright: ignore[reportUnknownArgumentType]
    if not found:
        raise _wrong("it is empty")
    return found


def _kind(event: Mapping[str, Any], last: int) -> tuple[str, Mapping[str, Any]]:
    """The engine leaves numbers out for events of its own, so a gap means nothing; counts and begun steps show a loss."""
    number = event.get("sequence")
    if not isinstance(number, int) or number <= last:
        raise _wrong(f"event {number!r} comes after event {last}")
    kinds = [name for name in event if name not in ("sequence", "timestamp")]
    if len(kinds) != 1 or not isinstance(event[kinds[0]], dict):
        raise _wrong(f"event {number} has the kinds {kinds}")
    return kinds[0], event[kinds[0]]


def _metadata(content: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = fields(content.get("metadata"))
    if not all(isinstance(metadata.get(key), str) for key in ("op", "urn", "type")):
        raise _wrong("a resource's event has no operation, URN or type")
    return metadata


def _begun(content: Mapping[str, Any]) -> str:
    metadata = _metadata(content)
    if metadata["op"] != STEP:
        raise _wrong(f"the operation {metadata['op']!r} is no part of a refresh")
    return metadata["urn"]


def _seen(content: Mapping[str, Any]) -> tuple[Seen, str]:
    metadata = _metadata(content)
    op, urn = metadata["op"], metadata["urn"]
    if op not in RESULTS:
        raise _wrong(f"the result {op!r} is unknown")
    old, new = metadata.get("old"), metadata.get("new")
    if not isinstance(old, dict) or (op != "delete" and not isinstance(new, dict)):
        raise _wrong(f"{urn} comes without its state")
    if op == "delete" and new is not None:
        raise _wrong(f"{urn} is gone and there")
    state = fields(metadata["old"])
    before, after = _outputs(state), None if new is None else _outputs(fields(new))
    one = Seen(
        urn=urn,
        type=metadata["type"],
        id=str(state.get("id", "")),
        protected=bool(state.get("protect")),
        old=before,
        new=after,
        changes=_changes(metadata, before, after or {}) if op == "update" else (),
    )
    return one, op


def _outputs(state: Mapping[str, Any]) -> Mapping[str, Any]:
    outputs = state.get("outputs")
    if outputs is not None and not isinstance(outputs, dict):
        raise _wrong("a resource's outputs are no object")
    return fields(state.get("outputs"))


def _changes(metadata: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """What changed: in detail, else the properties that the provider names, else those whose values differ."""
    detailed = fields(metadata.get("detailedDiff"))
    if detailed:
        return tuple(_change(path, entry) for path, entry in sorted(detailed.items()))
    named = items(metadata.get("diffs")) or [key for key in {*old, *new} if old.get(key) != new.get(key)]
    return tuple(Change(path=name, kind="update") for name in sorted(map(str, named)))


def _change(path: str, entry: object) -> Change:
    kind = fields(entry).get("diffKind")
    if kind not in KINDS:
        raise _wrong(f"the kind of change {kind!r} is unknown")
    what, replaces = KINDS[kind]
    return Change(path=path, kind=what, replaces=replaces)


def _refuse_error(content: Mapping[str, Any]) -> None:
    if content.get("severity") == "error":
        raise StreamError(f"the engine could not look: {str(content.get('message')).strip()}\n  remedy: {REMEDY}")


def _refuse_summary(summary: Mapping[str, Any], found: Counter[str]) -> None:
    if summary.get("maybeCorrupt") is not False:
        raise _wrong("the engine says that the state may be corrupt")
    if summary.get("isPreview") is not True:
        raise _wrong("it is not of a preview")
    if summary.get("result") not in (None, "succeeded"):
        raise _wrong(f"the refresh ended with {summary.get('result')!r}")
    counted = {op: count for op, count in (summary.get("resourceChanges") or {}).items() if count}
    if counted != dict(found):
        raise _wrong(f"the engine counts {counted}, the events say {dict(found)}")
