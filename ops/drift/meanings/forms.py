"""The forms that meanings are written in, and the remedies that many share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ops.drift.model import Change, Meaning, Refresh, Remedy, Seen, Severity


@dataclass(frozen=True)
class Case:
    """A drifted resource to be judged, with all else that the refresh saw.

    Attributes:
        changes: Those of the property that is judged; none when the resource is gone.
    """

    resource: Seen
    refresh: Refresh
    changes: tuple[Change, ...] = ()

    @property
    def old(self) -> Mapping[str, Any]:
        """Outputs in the state."""
        return self.resource.old

    @property
    def new(self) -> Mapping[str, Any]:
        """Outputs in the cloud; nothing when it is gone."""
        return self.resource.new or {}

    @property
    def signs(self) -> bool:
        """Whether it belongs to a validator or cosigner."""
        return self.resource.place.signs

    @cached_property
    def hosts(self) -> str:
        """The hosts that it concerns, else the resource's own name."""
        return ", ".join(self.refresh.hosts(self.resource.place)) or self.resource.name

    def words(self) -> dict[str, str]:
        """What the texts of meanings may name."""
        place = self.resource.place
        return {
            "name": self.resource.name,
            "host": place.host or place.group or self.resource.name,
            "hosts": self.hosts,
            "site": place.site or self.resource.name,
            "type": self.resource.type,
        }


Decide = Callable[[Case], Meaning | None]
"""None: it is explained, no drift."""


@dataclass(frozen=True, kw_only=True)
class Judge:
    """What a change of one kind means.

    Attributes:
        severity: How bad; the worst where `decide` weighs it.
        says: With {name}, {host}, {hosts}, {site} and {type}; the docs show it with these words themselves.
        decide: Weighs the values; without it the meaning is always the same.
    """

    severity: Severity
    says: str
    remedies: tuple[Remedy, ...]
    decide: Decide | None = None

    def judge(self, case: Case) -> Meaning | None:
        """The meaning of a case; None where it is no drift."""
        if self.decide is not None:
            return self.decide(case)
        return meaning(case, self.severity, self.says, *self.remedies)


@dataclass(frozen=True, kw_only=True)
class TypeMeanings:
    """What drift of one resource type means.

    Attributes:
        changed: By property.
        otherwise: Of any other property.
        watched: Outputs that are compared though no program sets them: the engine calls a resource `same` when nothing
            else of it changed.
    """

    gone: Judge
    changed: Mapping[str, Judge] = field(default_factory=dict[str, Judge])
    otherwise: Judge
    watched: frozenset[str] = frozenset()


def meaning(case: Case, severity: Severity, says: str, *remedies: Remedy, **more: str) -> Meaning:
    """A meaning with the case's words, and more of them, in its texts. Values come in as words, never in the text itself."""
    words = {**case.words(), **more}
    filled = tuple(Remedy(kind=one.kind, text=one.text.format_map(words)) for one in remedies)
    return Meaning(severity=severity, says=says.format_map(words), remedies=filled)


def always(severity: Severity, says: str, *remedies: Remedy) -> Judge:
    """A judge that looks at no value."""
    return Judge(severity=severity, says=says, remedies=remedies)


def weighed(severity: Severity, says: str, decide: Decide, *remedies: Remedy) -> Judge:
    """A judge that looks; `says` and the remedies are what the docs show of it."""
    return Judge(severity=severity, says=says, remedies=remedies, decide=decide)


def hold(text: str) -> Remedy:
    """What must not be done before something else."""
    return Remedy(kind="hold", text=text)


def by_hand(text: str) -> Remedy:
    """What the engine cannot put back."""
    return Remedy(kind="by hand", text=text)


def config(text: str) -> Remedy:
    """When the change was meant: how the stack file says so."""
    return Remedy(kind="config", text=text)


def imported(text: str) -> Remedy:
    """How the state takes up what still exists."""
    return Remedy(kind="import", text=text)


def investigate(where: str) -> Remedy:
    """Who did it."""
    return Remedy(kind="investigate", text=f"find out who did it, before the traces are gone: {where}")


UP: Final = Remedy(
    kind="up", text="`pulumi up --refresh` puts it back; without --refresh the engine does not know that it has to"
)
NO_REFRESH: Final = hold(
    "run neither `pulumi refresh` nor `pulumi up --refresh`: a refresh drops {name} from the state, and the next `up` makes "
    "an empty one in its place"
)
RESTORED: Final = imported(
    "if it or a copy of it still exists: bring it back in the cloud, `pulumi state delete --force` its URN, then "
    "`pulumi import {type} {name} ID` with the parent and provider that `pulumi stack export` shows"
)
NEW_HOST: Final = config(
    "if it is lost: keep {host} out of the quorum, name it in `let_go`, and give the new host a new shard, never an old copy"
)
