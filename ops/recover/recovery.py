"""Putting a state right after an update that did not end: what is pending first, then what was made and never told.

Each step leaves a state from which the same command goes on, so it can be interrupted and run again.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.recover import leftovers, missing
from ops.recover.locks import free
from ops.recover.pending import CREATING, Pending, added, pending, replaced, settled
from ops.recover.search import Finding, search
from ops.rehearsal import stackfile
from ops.stacks import Stack, exported
from toolchain.layout import REPOSITORY

KEPT: Final = REPOSITORY.root / "build" / "recover"
"""Where the state is kept as it was before anything is changed."""


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


@dataclass
class Recovery:
    """One recovery of one stack.

    Attributes:
        tell: Shows the operator a line.
    """

    stack: Stack
    answers: Answers
    tell: Callable[[str], object] = print

    def run(self) -> bool:
        """Recovers; False where something is left for the operator to decide, all of which has been told.

        Raises:
            OperationError: When it cannot go on; what was done until then stays.
        """
        for holder in free(self.stack, holder_is_gone=self.answers.holder_is_gone):
            self.tell(f"the update of {holder} is dead: its lock is cancelled")
        leftovers.wait()
        export = exported(self.stack)
        operations = pending(export)
        self.tell(f"stack {self.stack.stack}: {len(operations)} operations pending")
        found = self._settle(export, operations) if operations else {}
        if found is None:
            return False
        kept = self._refresh()
        self._tell_taken_in(found)
        if self.answers.state_lost:
            self._frame()
        complete = self._missing()
        self._verify()
        return complete and kept

    def _settle(self, export: dict[str, Any], operations: list[Pending]) -> dict[str, str] | None:
        """Ids of what the pending creations became, by URN; None where the operator has to decide first."""
        created = [one for one in operations if one.kind == CREATING]
        findings = self._found({one.urn: one.resource for one in created}, export, {})
        open_ = [one for one in findings.values() if one.undecided and one.urn not in self.answers.absent]
        for one in operations:
            self.tell(f"  {one.kind} {_short(one.type)} {one.name}: {self._outcome(findings.get(one.urn))}")
        if open_:
            self._tell_undecided(open_)
            self.tell("nothing was changed")
            return None
        kept = self._keep(export)
        self.tell(f"the state as it was is in {kept}")
        found = {urn: one.ids[0] for urn, one in findings.items() if one.ids}
        self._put_back(settled(export, found))
        return found

    def _found(
        self,
        resources: Mapping[str, Mapping[str, Any]],
        export: Mapping[str, Any],
        made: Mapping[str, Mapping[str, Any]],
    ) -> dict[str, Finding]:
        """What is known of resources, by URN: the operator's word first, then the account's."""
        state = export["deployment"].get("resources") or ()
        known = {
            type_: frozenset(one["id"] for one in state if one.get("id") and one["type"] == type_)
            for type_ in {one["type"] for one in resources.values()}
        }
        provided = missing.providers(export, made)
        said = {
            urn: Finding(urn=urn, ids=(self.answers.imports[urn],), how="the operator says so")
            for urn in resources
            if urn in self.answers.imports
        }
        said |= {
            urn: Finding(urn=urn, how="the operator says that it is not there")
            for urn in resources
            if urn in self.answers.absent
        }
        asked = [
            missing.wanted(urn, one, provided, fleet=self._fleet, stack=self.stack.stack, known=known[one["type"]])
            for urn, one in resources.items()
            if urn not in said and missing.is_looked_up(one)
        ]
        return {**said, **{one.urn: one for one in (search(self.stack, asked) if asked else ())}}

    @property
    def _fleet(self) -> str:
        content = stackfile.load(self.stack.directory / f"Pulumi.{self.stack.stack}.yaml")
        return content["config"][stackfile.FLEET]["name"]

    def _outcome(self, finding: Finding | None) -> str:
        if finding is None:
            return "the refresh reads how it ended"
        if finding.undecided:
            return "not decided, see below"
        if finding.ids:
            return (
                f"{finding.ids[0]} {finding.how}" if finding.asked else f"is read as {finding.ids[0]} ({finding.how})"
            )
        return f"not there ({finding.how}); the next update makes it"

    def _tell_undecided(self, open_: list[Finding]) -> None:
        self.tell(f"{len(open_)} to be decided by you:")
        for one in open_:
            self.tell(f"  {one.urn}\n    {one.undecided}")

    def _keep(self, export: Mapping[str, Any]) -> Path:
        KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = KEPT / f"{self.stack.project}.{self.stack.stack}.{time.time_ns()}.json"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(export, file)
        return path

    def _put_back(self, export: Mapping[str, Any]) -> None:
        KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = KEPT / f".{self.stack.project}.{self.stack.stack}.{os.getpid()}.json"
        try:
            path.touch(mode=0o600)
            path.write_text(json.dumps(export))
            self.stack.pulumi("stack", "import", "--file", str(path), "--non-interactive")
        finally:
            path.unlink(missing_ok=True)

    def _refresh(self) -> bool:
        """Reads all that the state has; False where something that is kept for ever is gone from its account."""
        self.tell("refresh: reading what the accounts have")
        before = exported(self.stack)["deployment"].get("resources") or ()
        self.stack.pulumi("refresh", "--yes", "--non-interactive", "--suppress-progress", "--suppress-outputs")
        after = {one["urn"] for one in exported(self.stack)["deployment"].get("resources") or ()}
        # What has no outputs was never read before: that such a one is not there is what the refresh was to find out.
        gone = [one for one in before if one["urn"] not in after and one.get("protect") and one.get("outputs")]
        for one in gone:
            name = f"{_short(one['type'])} {one['urn'].rpartition('::')[2]}"
            self.tell(
                f"  GONE from the account although it is protected: {name} {one['id']}. The next update would make an empty "
                "one in its place: find out what happened, and read docs/drift.md, before any `pulumi up`"
            )
        return not gone

    def _frame(self) -> None:
        """Makes components and providers, which are nowhere but in the state: nothing can be taken in without them."""
        made = missing.creations(self.stack)
        frame = [urn for urn, one in made.items() if missing.is_frame(one)]
        if frame:
            self.tell(f"{len(frame)} components and providers are written into the state anew")
            targets = [word for urn in frame for word in ("--target", urn)]
            self.stack.pulumi(
                *("up", "--yes", "--skip-preview", "--non-interactive", "--suppress-progress", "--suppress-outputs"),
                *targets,
            )

    def _missing(self) -> bool:
        """Takes in what the program wants and the account has; repeats while that makes further resources findable."""
        tried: set[str] = set()
        while True:
            made = missing.creations(self.stack)
            export = exported(self.stack)
            state = {one["urn"]: one for one in export["deployment"].get("resources") or () if not one.get("delete")}
            possible = {urn: one for urn, one in made.items() if urn not in tried and missing.can_be_there(one, state)}
            findings = self._found(possible, export, made)
            found = {
                urn: one.ids[0]
                for urn, one in findings.items()
                if one.ids and not one.undecided and (urn not in state or _may_replace(state[urn], one))
            }
            tried |= found.keys()
            if not self._take_in(export, made, found):
                break
        unclear = [one for one in findings.values() if one.undecided and not one.waits_for]
        open_ = [one for one in unclear if one.ids]
        if open_:
            self._tell_undecided(open_)
        self._tell_unseen([one for one in unclear if not one.ids], made)
        left = sum(missing.is_looked_up(one) for one in made.values()) - len(open_)
        self.tell(
            f"{left} resources of the program are not there; the next update makes them" if left else "none is missing"
        )
        return not open_

    def _tell_unseen(self, unseen: list[Finding], made: Mapping[str, Mapping[str, Any]]) -> None:
        """Nothing was pending for these, so a reply of theirs was lost at the worst: asking about each would be noise."""
        for type_ in sorted({made[one.urn]["type"] for one in unseen}):
            of_type = [one for one in unseen if made[one.urn]["type"] == type_]
            names = ", ".join(one.urn.rpartition("::")[2] for one in of_type)
            self.tell(
                f"  not looked up: {len(of_type)} {_short(type_)} ({names}); if the next update says that one exists: "
                f"{of_type[0].undecided}"
            )

    def _take_in(
        self, export: Mapping[str, Any], made: Mapping[str, Mapping[str, Any]], found: Mapping[str, str]
    ) -> bool:
        """Whether anything of what was found exists: an id may only follow from the inputs."""
        if not found:
            return False
        state = {one["urn"] for one in export["deployment"].get("resources") or ()}
        edited = replaced(export, {urn: id_ for urn, id_ in found.items() if urn in state})
        self._put_back(added(edited, [missing.entry(made[urn], id_) for urn, id_ in found.items() if urn not in state]))
        self._refresh()
        return self._tell_taken_in(found)

    def _tell_taken_in(self, found: Mapping[str, str]) -> bool:
        there = [
            one
            for one in exported(self.stack)["deployment"].get("resources") or ()
            if one["urn"] in found and not one.get("delete")
        ]
        for one in there:
            name = f"{_short(one['type'])} {one['urn'].rpartition('::')[2]}"
            self.tell(f"  {name}: {one['id']} is in the account; taken into the state")
        return bool(there)

    def _verify(self) -> None:
        if left := pending(exported(self.stack)):
            raise OperationError(
                f"{len(left)} operations are pending again\n  remedy: another update ran meanwhile; run this again when it ended"
            )


def _may_replace(old: Mapping[str, Any], finding: Finding) -> bool:
    """Whether what was found can be the new one of a replacement: the old one is gone, or the account has a second."""
    return bool(old.get("pendingReplacement")) or (finding.asked and finding.ids[0] != old.get("id"))


def _short(type_: str) -> str:
    """The type as the engine prints it, for example `aws:ec2:Instance`."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/')[0]}:{name}".replace(":index:", ":")
