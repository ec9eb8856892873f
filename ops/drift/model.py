"""What a refresh saw, as plain values: resources, what changed of them, and what it means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, cast

from fleet.roles import ROLES

Severity = Literal["stake", "exposure", "uptime", "housekeeping"]
SEVERITIES: Final[tuple[Severity, ...]] = ("stake", "exposure", "uptime", "housekeeping")
"""Worst first. Stake: keys, shards or watermarks may be lost or taken, or two signers run. Exposure: somebody can reach,
read or delete more than the fleet admits. Uptime: a host or a flow stands still. Housekeeping: nothing of these."""

RemedyKind = Literal["hold", "investigate", "by hand", "import", "config", "up"]
ChangeKind = Literal["add", "delete", "update"]

SIGNING: Final = ("validator", "cosigner")
NAME: Final = re.compile(r"^s(\d+)(?:-([a-z]+)(?:-(\d+)(?![^-]))?)?")


def fields(value: object) -> dict[str, Any]:
    """A JSON object; one without fields where the value is none."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A JSON list; an empty one where the value is none."""
    return cast("list[Any]", value) if isinstance(value, list) else []


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a resource belongs, by its logical name, which the program makes (`fleet.naming`).

    Attributes:
        site: For example `s1`; empty for what belongs to no site.
        role: The role it serves; None where it serves the whole site.
        host: The host it belongs to, for example `s1-cosigner-1`; None where it belongs to a group or the site.
    """

    site: str = ""
    role: str | None = None
    host: str | None = None

    @property
    def group(self) -> str | None:
        """The group of hosts, for example `s1-cosigner`."""
        return f"{self.site}-{self.role}" if self.role else None

    @property
    def signs(self) -> bool:
        """Whether the stake hangs on it."""
        return self.role in SIGNING


def place_of(name: str) -> Place:
    """The place that a logical name tells."""
    found = NAME.match(name)
    if found is None:
        return Place()
    site, role, ordinal = f"s{found[1]}", found[2], found[3]
    if role not in ROLES:
        return Place(site=site)
    return Place(site=site, role=role, host=f"{site}-{role}-{ordinal}" if ordinal else None)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference between the state and the cloud.

    Attributes:
        path: For example `inboundRules[3]`; as the engine writes it, so keys of a stranger's choice may stand in it.
        kind: What happened to it in the cloud.
        replaces: Whether putting it back replaces the resource.
        unseen: The engine does not count it as a change: nothing in the program says what the value should be.
    """

    path: str
    kind: ChangeKind
    replaces: bool = False
    unseen: bool = False

    @property
    def property(self) -> str:
        """The resource's property that the path begins with."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One resource as a refresh found it.

    Attributes:
        old: Outputs in the state.
        new: Outputs in the cloud; None when it is gone there.
        changes: What the engine counts as a change.
    """

    urn: str
    type: str
    id: str
    protected: bool
    old: Mapping[str, Any]
    new: Mapping[str, Any] | None
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def provider(self) -> str:
        """The package of the type, for example `aws`."""
        return self.type.split(":", 1)[0]

    @cached_property
    def place(self) -> Place:
        """Where it belongs."""
        return place_of(self.name)


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """Everything a refresh saw."""

    seen: tuple[Seen, ...]

    def of_type(self, token: str) -> list[Seen]:
        """The resources of one type."""
        return [one for one in self.seen if one.type == token]

    def hosts(self, place: Place) -> tuple[str, ...]:
        """The hosts that something at a place concerns: the one host, or those of the group or site."""
        if place.host:
            return (place.host,)
        others = {one.place for one in self.seen if one.place.host and one.place.site == place.site}
        return tuple(sorted(one.host or "" for one in others if place.role is None or one.role == place.role))


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One step of what to do, in the order they are given."""

    kind: RemedyKind
    text: str


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a change means to who runs validators."""

    severity: Severity
    says: str
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One meaning with the changes that have it; no changes where the resource is gone."""

    meaning: Meaning
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One drifted resource."""

    resource: Seen
    points: tuple[Point, ...]

    @property
    def gone(self) -> bool:
        """Whether the cloud has it no more."""
        return self.resource.new is None

    @property
    def severity(self) -> Severity:
        """The worst of its points."""
        return min((point.meaning for point in self.points), key=lambda one: SEVERITIES.index(one.severity)).severity

    @property
    def holds(self) -> bool:
        """Whether it forbids to run `up --refresh` for now."""
        return any(remedy.kind == "hold" for point in self.points for remedy in point.meaning.remedies)
