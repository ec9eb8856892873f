"""From what a refresh saw to findings: which changes are drift, what they mean, and in which order they matter."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from typing import Final

from ops.drift.meanings import generic
from ops.drift.meanings.forms import Case, TypeMeanings
from ops.drift.model import SEVERITIES, Change, Finding, Meaning, Point, Refresh, Remedy, Seen

PACKAGE: Final = "ops.drift.meanings"


@cache
def meanings_of(token: str) -> TypeMeanings:
    """The meanings of a resource type: its own, where its provider's module has them, else the generic ones."""
    name = f"{PACKAGE}.{token.split(':', 1)[0]}"
    known = name.rsplit(".", 1)[1].isidentifier() and find_spec(name) is not None
    return (import_module(name).TYPES if known else {}).get(token, generic.ANY)


def judged(refresh: Refresh) -> tuple[Finding, ...]:
    """The findings, worst first, then by name: the same for the same refresh."""
    findings = [one for seen in refresh.seen if (one := _finding(seen, refresh)) is not None]
    return tuple(
        sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.resource.name, one.resource.urn))
    )


def _finding(seen: Seen, refresh: Refresh) -> Finding | None:
    entry = meanings_of(seen.type)
    if seen.new is None:
        meaning = entry.gone.judge(Case(seen, refresh))
        return Finding(resource=seen, points=(Point(meaning=meaning, changes=()),)) if meaning else None
    points = _points(seen, refresh, entry, sorted(all_changes(seen, entry), key=lambda one: one.property))
    return Finding(resource=seen, points=points) if points else None


def all_changes(seen: Seen, entry: TypeMeanings) -> list[Change]:
    """What the engine counts, and the outputs that are watched here beyond it."""
    new = seen.new or {}
    counted = {one.property for one in seen.changes}
    unseen = sorted(name for name in entry.watched - counted if (seen.old.get(name) or None) != (new.get(name) or None))
    return [*seen.changes, *(Change(path=name, kind="update", unseen=True) for name in unseen)]


def _points(seen: Seen, refresh: Refresh, entry: TypeMeanings, changes: Iterable[Change]) -> tuple[Point, ...]:
    found: dict[Meaning, list[Change]] = {}
    for name, group in groupby(changes, key=lambda one: one.property):
        own = tuple(group)
        meaning = entry.changed.get(name, entry.otherwise).judge(Case(seen, refresh, own))
        if meaning is not None:
            found.setdefault(_unless_refused(seen, own, meaning), []).extend(own)
    points = [Point(meaning=meaning, changes=tuple(own)) for meaning, own in found.items()]
    return tuple(sorted(points, key=lambda one: SEVERITIES.index(one.meaning.severity)))


def _unless_refused(seen: Seen, changes: Iterable[Change], meaning: Meaning) -> Meaning:
    """Where `up` would have to replace what is protected, it is no remedy."""
    if not seen.protected or not any(one.replaces for one in changes):
        return meaning
    text = (
        "run no `pulumi up --refresh`: to put this back it would have to replace what is protected, and refuses all of the "
        "update; put it back in the cloud's console, or let go of the host (`let_go`)"
    )
    kept = tuple(one for one in meaning.remedies if one.kind != "up")
    return Meaning(severity=meaning.severity, says=meaning.says, remedies=(Remedy(kind="hold", text=text), *kept))
