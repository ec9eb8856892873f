"""What is known of resources that the state lacks: the operator's word first, then the accounts'."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.errors import OperationError
from ops.recover import missing
from ops.recover.lookups import everything_of, lookup_of
from ops.recover.lookups.base import Wanted
from ops.recover.search import Finding, search
from ops.rehearsal import stackfile
from ops.stacks import Stack

Resources = Mapping[str, Mapping[str, Any]]
"""Resources by URN, as a state or a preview describes them."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the operator knows.

    Attributes:
        imports: Ids of resources that exist, by URN.
        absent: URNs of resources that do not.
        holder_is_gone: An update that cannot be looked at from this machine has ended.
        state_lost: The state is empty although the fleet exists.
    """

    imports: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    holder_is_gone: bool = False
    state_lost: bool = False


def _fleet_of(stack: Stack) -> str:
    """The fleet's name, which names and tags in the accounts carry."""
    path = stack.directory / f"Pulumi.{stack.stack}.yaml"
    try:
        return stackfile.load(path)["config"][stackfile.FLEET]["name"]
    except (FileNotFoundError, KeyError, TypeError):
        raise OperationError(
            f"{path.name} does not name the fleet\n  remedy: put the committed stack file back, with {stackfile.FLEET}.name"
        ) from None


def state_of(export: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The resources of an export."""
    return export["deployment"].get("resources") or []


def live(export: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The resources of an export that do not wait for their deletion, by URN."""
    return {one["urn"]: one for one in state_of(export) if not one.get("delete")}


class Knowledge:
    """What one recovery learns."""

    def __init__(self, stack: Stack, answers: Answers) -> None:
        self._stack = stack
        self._answers = answers
        self._used: set[str] = set()
        self._listed: list[Finding] = []
        self._fleet = _fleet_of(stack)

    def of(self, resources: Resources, export: Mapping[str, Any], made: Resources) -> dict[str, Finding]:
        """What is known of each resource.

        Args:
            resources: The resources in question.
            export: The state.
            made: All that a preview would make, for the providers among it.

        Raises:
            OperationError: When the operator's id belongs to something else.
        """
        said = dict(self._said(resources, export))
        provided = missing.providers(export, made)
        asked = [
            self._wanted(urn, one, provided, export)
            for urn, one in resources.items()
            if urn not in said and missing.is_looked_up(one)
        ]
        listings = self._listings(export)
        found = search(self._stack, [*asked, *listings])  # in one go: it is the providers' start that takes time
        self._listed = found[len(asked) :]
        return {**said, **{one.urn: _unless_old(one, export) for one in found[: len(asked)]}}

    def unused(self, export: Mapping[str, Any]) -> list[str]:
        """Answers of the operator that nobody asked for: a URN that was misspelt, for one. What the state has is no riddle."""
        given = self._answers.imports.keys() | self._answers.absent
        return sorted(given - self._used - live(export).keys())

    def strays(self, export: Mapping[str, Any]) -> list[str]:
        """What the accounts had when they were last asked, by our names or tags, and the state does not; and what could not be
        listed."""
        # A machine's own disk, for one, stands in its outputs alone.
        state = json.dumps([(one.get("id"), one.get("outputs")) for one in state_of(export)])
        found: dict[str, None] = {}
        for finding in self._listed:
            if finding.undecided:
                found[f"not listed: {finding.undecided.rpartition(', then give')[0]}"] = None
            for name in finding.ids:
                if re.split(r"[/: ]", name)[-1] not in state:
                    found[name] = None
        return list(found)

    def _listings(self, export: Mapping[str, Any]) -> Sequence[Wanted]:
        providers = [one for one in state_of(export) if one["type"].startswith("pulumi:providers:")]
        wanted = [
            Wanted(
                urn=one["urn"],
                type=everything_of(one["type"].rpartition(":")[2]),
                name="",
                inputs={},
                provider_inputs=one.get("inputs") or {},
                provider_type=one["type"],
                fleet=self._fleet,
                stack=self._stack.stack,
            )
            for one in providers
        ]
        return [one for one in wanted if lookup_of(one.type) is not None]

    def _said(self, resources: Resources, export: Mapping[str, Any]) -> Sequence[tuple[str, Finding]]:
        owners = {(one["type"], one["id"]): one["urn"] for one in state_of(export) if one.get("id")}
        said: list[tuple[str, Finding]] = []
        for urn, one in resources.items():
            id_ = self._answers.imports.get(urn)
            owner = owners.get((one["type"], id_ or ""))
            if owner is not None:
                raise OperationError(
                    f"--import {urn}={id_}: this id is {owner}'s\n  remedy: look again which id belongs to {urn.rpartition('::')[2]}"
                )
            if id_ is not None:
                said.append((urn, Finding(urn=urn, ids=(id_,), how="the operator says so")))
            elif urn in self._answers.absent:
                said.append((urn, Finding(urn=urn, how="the operator says that it is not there")))
        self._used |= {urn for urn, _ in said}
        return said

    def _wanted(
        self,
        urn: str,
        resource: Mapping[str, Any],
        provided: Mapping[str, Mapping[str, Any]],
        export: Mapping[str, Any],
    ) -> Wanted:
        known = frozenset(_ids(export, resource["type"]))
        return missing.wanted(urn, resource, provided, fleet=self._fleet, stack=self._stack.stack, known=known)


def _ids(export: Mapping[str, Any], type_: str) -> set[str]:
    """The ids of a type that the state has. What was deleted for its replacement is none of them: the new one may have its id."""
    resources = [one for one in state_of(export) if one["type"] == type_ and not one.get("pendingReplacement")]
    return {one["id"] for one in resources if one.get("id")}


def _unless_old(finding: Finding, export: Mapping[str, Any]) -> Finding:
    """A finding, unless the id that follows from the inputs is the old one's, which the state has: then no new one exists,
    since no two can have that id."""
    type_ = finding.urn.split("::")[2].rpartition("$")[2]
    if finding.asked or not _ids(export, type_).intersection(finding.ids):
        return finding
    return Finding(urn=finding.urn, how="the state has the one of that id")
