"""Where components and resources were before: the one table that lets a refactoring keep what exists.

The engine knows a resource by its URN, which holds the types of its parents, its own type and its name. Move it under
another parent, rename it or change its type, and the engine creates it anew and deletes the old one: a validator, its
volume and its keys among them. An entry in `MOVES` says where it was, and it is taken over as it is.

How to record a move is in docs/upgrading.md. The rules:

- Entries are added at the end and never changed. A second move of the same thing is a second entry; both are followed.
- An entry names one move. What stands below a moved component is found through it and needs no entry, unless it was
  renamed or changed its type itself.
- An entry may go with a major release alone, whose notes say from which release on fleets can be updated to it: a fleet
  that skipped the releases between would lose what the entry kept.

Refused, before anything is sent: an old place that a resource of the program still has, and one that two resources say
they had.

Each resource names all its own old places, those through its parents among them. The engine hands a parent's alias down
too (`inheritedChildAlias` in pkg/resource/deploy/step_generator.go of pulumi 3.259.0), but guesses the names: of a
component that is now `s1` it takes `s1-cosigner-1` below it to have been renamed with it, and would replace that host.
And where an update was cut off it has moved the URNs of the children with the parent's (`NormalizeURNReferences` in
pkg/resource/deploy/snapshot.go), so an old name or type below the new parent is named too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import pulumi

ROOT_TYPE: Final = "pulumi:pulumi:Stack"
"""The type of the stack itself, which no URN of a resource shows."""
_TOKEN: Final = re.compile(r"[\w-]+:[\w/.-]+:[\w-]+")
_RELEASE: Final = re.compile(r"\d+\.\d+\.\d+")


class Place(NamedTuple):
    """A URN without its stack and project.

    Attributes:
        types: The types of all parents from the outermost on, and its own, joined by `$`.
        name: The logical name.
    """

    types: str
    name: str

    @property
    def type(self) -> str:
        """Its own type token."""
        return self.types.rpartition("$")[2]

    def __str__(self) -> str:
        return f"{self.types}::{self.name}"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that was moved, renamed or given another type.

    Attributes:
        since: The release that has it in its new place, for example `0.4.0`.
        type: Its type token today, of a component or of a cloud's resource.
        was: Its types before, as the URN shows them: those of its parents from the outermost on, then its own, joined
            by `$`, for example `redoubt:aws:Site$redoubt:aws:CosignerGroup`.
        name: Which of that type: a regular expression that the whole name of today matches. Empty for all of them.
        was_name: The name before, with the groups of `name` (`\\1-cosigner`). By default the name was the same.
    """

    since: str
    type: str
    was: str
    name: str = ""
    was_name: str = r"\g<0>"

    def before(self, type_: str, name: str) -> Place | None:
        """Where the resource of this type and name was; None where the entry is about another."""
        if type_ != self.type:
            return None
        found = re.fullmatch(self.name or ".*", name)
        return None if found is None else Place(self.was, found.expand(self.was_name))


MOVES: Final[tuple[Move, ...]] = ()
"""All moves, oldest first. New ones go to the end."""


def problems(moves: Iterable[Move]) -> list[str]:
    """What is wrong with a table, by itself; each line names the entry. Empty for a good one."""
    found: list[str] = []
    seen: set[tuple[str, str, str]] = set()
    newest: tuple[int, ...] = ()
    for index, move in enumerate(moves):
        what = _faults(move)
        old = (move.was, move.name, move.was_name)
        if old in seen:
            what.append(f"two entries are about what was {move.was}")
        seen.add(old)
        if _RELEASE.fullmatch(move.since):
            release = tuple(map(int, move.since.split(".")))
            if release < newest:
                what.append(f"since {move.since} stands after a newer release: entries are added at the end")
            newest = max(newest, release)
        found += [f"MOVES[{index}] ({move.type}): {fault}" for fault in what]
    return found


def _faults(move: Move) -> list[str]:
    faults: list[str] = []
    if not _RELEASE.fullmatch(move.since):
        faults.append(f"since {move.since!r} is no release like 0.4.0")
    tokens = (move.type, *move.was.split("$"))
    faults += [f"{token!r} is no type token like redoubt:aws:Site" for token in tokens if not _TOKEN.fullmatch(token)]
    if ROOT_TYPE in tokens:
        faults.append(f"{ROOT_TYPE} is in no URN: leave it out")
    try:
        groups = re.compile(move.name or ".*").groups
    except re.error as error:
        faults.append(f"name {move.name!r} is no regular expression: {error}")
    else:
        named = [int(group) for group in re.findall(r"\\(?:g<)?(\d+)", move.was_name)]
        if any(group > groups for group in named):
            faults.append(f"was_name {move.was_name!r} names a group that name {move.name!r} has not")
    return faults


def former_places(moves: Sequence[Move], now: Place, parents: Sequence[Place]) -> tuple[Place, ...]:
    """All places where a resource may have been, nearest first, without the one where it is.

    Args:
        moves: The table.
        now: Where it is.
        parents: The former places of its parent.
    """
    own: list[Place] = []
    waiting = [(now, len(moves))]
    while waiting:
        place, newer = waiting.pop(0)
        # Of a former place only older moves are asked: a renaming would else apply to its own result, for ever.
        for index, move in enumerate(moves[:newer]):
            before = move.before(place.type, place.name)
            if before is not None and before not in own:
                own.append(before)
                waiting.append((before, index))
    # Parent and child may have changed in different releases, and one of two changes may have been cut off: each place of
    # the parent goes with each shape of the child.
    above = now.types.rpartition("$")[0]
    chains = [chain for chain in (above, *(parent.types for parent in parents)) if chain]
    below = [Place(f"{chain}${shape.type}", shape.name) for chain in chains for shape in (now, *own)]
    return tuple(place for place in dict.fromkeys([*own, *below]) if place != now)


class Claims:
    """Where the resources of one run are and were: no place may be two resources'."""

    def __init__(self) -> None:
        self._now: set[Place] = set()
        self._before: dict[Place, Place] = {}

    def add(self, now: Place, formers: Iterable[Place]) -> None:
        """Takes a resource up.

        Raises:
            pulumi.RunError: When a place is another resource's, now or before.
        """
        if now in self._before:
            raise _refusal(f"{self._before[now]} is said to have been {now}, which still exists")
        self._now.add(now)
        for place in formers:
            if place in self._now:
                raise _refusal(f"{now} is said to have been {place}, which still exists")
            other = self._before.setdefault(place, now)
            if other != now:
                raise _refusal(f"both {other} and {now} are said to have been {place}")


def _refusal(text: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"{text}\n  remedy: correct MOVES in components/moved.py; its `name` says which one is meant"
    )


def transformations() -> list[pulumi.ResourceTransformation]:
    """What a program registers so that each resource says where it was. Empty while the table is.

    Raises:
        pulumi.RunError: When the table is wrong.
    """
    return [_transformation(MOVES)] if MOVES else []


@cache
def _transformation(moves: tuple[Move, ...]) -> pulumi.ResourceTransformation:
    wrong = problems(moves)
    if wrong:
        raise pulumi.RunError("\n".join([*wrong, "  remedy: correct MOVES in components/moved.py"]))
    known: WeakKeyDictionary[pulumi.Resource, tuple[Place, tuple[Place, ...]]] = WeakKeyDictionary()
    claims: WeakKeyDictionary[pulumi.Resource, Claims] = WeakKeyDictionary()

    def places(parent: pulumi.Resource | None) -> tuple[Place, tuple[Place, ...]]:
        """Of a parent. One that was not seen was made before the program began: it stands at the top."""
        if parent is None or parent.pulumi_resource_type == ROOT_TYPE:
            return Place("", ""), ()
        if parent not in known:
            known[parent] = (Place(parent.pulumi_resource_type, parent.pulumi_resource_name), ())
        return known[parent]

    def remember(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.resource in known:
            return None
        above, formerly_above = places(args.opts.parent)
        now = Place(f"{above.types}${args.type_}" if above.types else args.type_, args.name)
        formers = former_places(moves, now, formerly_above)
        known[args.resource] = (now, formers)
        claims.setdefault(_run(), Claims()).add(now, formers)
        if not formers:
            return None
        aliases = [_urn(place) for place in formers]
        return pulumi.ResourceTransformationResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=aliases))
        )

    return remember


def _run() -> pulumi.Resource:
    """The run's stack."""
    root = pulumi.runtime.get_root_resource()
    if root is None:
        raise RuntimeError("a resource is made outside of a Pulumi program")
    return root


def _urn(place: Place) -> str:
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{place}"
