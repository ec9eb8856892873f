"""The operations that an interrupted update left pending in the state, and the state without them.

The engine offers `refresh --import-pending-creates URN ID` for this. Tried with 3.259.0: without a terminal it takes the
operation out of the state and imports nothing, so that the next update makes the resource a second time. So the state is
edited here and put back by `stack import`, which checks its integrity and drops whatever is pending, in one step.

A resource is written without outputs: the refresh that has to follow then reads it as an import does, by its import id
(Read in pkg/tfbridge/provider.go of pulumi-terraform-bridge: no properties, an import), and drops it if it is not there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

CREATING: Final = "creating"


@dataclass(frozen=True, kw_only=True)
class Pending:
    """One operation whose end the state does not know.

    Attributes:
        kind: `creating`, `updating`, `deleting`, `reading` or `importing`.
        resource: The resource as the update was about to have it, with its inputs.
    """

    kind: str
    resource: Mapping[str, Any]

    @property
    def urn(self) -> str:
        return self.resource["urn"]

    @property
    def type(self) -> str:
        return self.resource["type"]

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


def pending(export: Mapping[str, Any]) -> list[Pending]:
    """The pending operations of an export, in their order."""
    operations = export.get("deployment", {}).get("pending_operations") or ()
    return [Pending(kind=one["type"], resource=one["resource"]) for one in operations]


def settled(export: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any]:
    """The export with each found resource in place of its pending creation, and with nothing pending.

    What a resource was about to replace stays as the engine would have left it: gone, if it was deleted first, else marked
    for deletion by the next update.

    Args:
        export: As `pulumi stack export` prints it.
        found: Ids of pending creations that exist, by URN; all others are forgotten.
    """
    result = deepcopy(dict(export))
    deployment = result["deployment"]
    created = [one for one in pending(export) if one.kind == CREATING and one.urn in found]
    kept = list(_kept(deployment.get("resources") or [], {one.urn for one in created}))
    made = [{**one.resource, "id": found[one.urn], "outputs": {}} for one in created]
    deployment["resources"] = ordered([*kept, *made])
    deployment.pop("pending_operations", None)
    return result


def _kept(resources: Collection[Mapping[str, Any]], replaced: Collection[str]) -> list[Mapping[str, Any]]:
    kept: list[Mapping[str, Any]] = []
    for one in resources:
        if one["urn"] not in replaced or one.get("delete"):
            kept.append(one)
        elif not one.get("pendingReplacement"):
            kept.append({**one, "delete": True})
    return kept


def replaced(export: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any]:
    """The export with new ids for resources whose replacement was made and never told.

    The engine's import refuses a URN that the state has. What was deleted first stands there yet, marked, and takes the new
    id in its place, where all that depends on it finds it; what was to go afterwards is marked for deletion beside it. Their
    inputs are the old ones: a refresh has to follow.
    """
    result = deepcopy(dict(export))
    resources: list[Mapping[str, Any]] = []
    for one in result["deployment"].get("resources") or []:
        id_ = found.get(one["urn"])
        if id_ is None or one.get("delete"):
            resources.append(one)
            continue
        if not one.get("pendingReplacement"):
            resources.append({**one, "delete": True})
        kept = {key: value for key, value in one.items() if key != "pendingReplacement"}
        resources.append({**kept, "id": id_, "outputs": {}})
    result["deployment"]["resources"] = ordered(resources)
    return result


def once(export: Mapping[str, Any]) -> dict[str, Any] | None:
    """The export without entries that wait for the deletion of what is in use; None where there are none.

    What was replaced under the same id (a name that it keeps, an attachment) would stand in the state twice, as itself and as
    the old one, and the next update would delete the one that there is.
    """
    resources = export["deployment"].get("resources") or []
    in_use = {(one["type"], one["id"]) for one in resources if one.get("id") and not one.get("delete")}
    kept = [one for one in resources if not (one.get("delete") and (one["type"], one.get("id")) in in_use)]
    if len(kept) == len(resources):
        return None
    result = deepcopy(dict(export))
    result["deployment"]["resources"] = kept
    return result


def added(export: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The export with further resources."""
    result = deepcopy(dict(export))
    result["deployment"]["resources"] = ordered([*(result["deployment"].get("resources") or []), *resources])
    return result


def ordered(resources: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Resources with each after all that it depends on, as a state has to have them, else as they were; what waits for its
    deletion comes last.

    A resource that was replaced stands in the place of its old one, before which its new dependencies need not be.
    """
    live = {one["urn"]: one for one in resources if not one.get("delete")}
    result: dict[str, Mapping[str, Any]] = {}

    def place(urn: str) -> None:
        one = live.get(urn)
        if one is None or urn in result:
            return
        for needed in _needs(one):
            place(needed)
        result[urn] = one

    for urn in live:
        place(urn)
    return [*result.values(), *(one for one in resources if one.get("delete"))]


def _needs(resource: Mapping[str, Any]) -> Iterator[str]:
    yield from (resource.get("dependencies") or ())
    for needed in (resource.get("propertyDependencies") or {}).values():
        yield from needed or ()
    provider = str(resource.get("provider", "")).rpartition("::")[0]
    yield from (one for one in (resource.get("parent"), provider, resource.get("deletedWith")) if one)
