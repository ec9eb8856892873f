"""Putting a state right after an update that did not end: what is pending first, then what was made and never told.

Each step leaves a state from which the same command goes on, so it can be interrupted and run again. Only what was in
question is read from the accounts again: a refresh of all would drop from the state, unseen, whatever somebody deleted.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.recover import leftovers, missing
from ops.recover.knowledge import Answers, Knowledge, Resources, live, state_of
from ops.recover.locks import free
from ops.recover.pending import CREATING, Pending, added, once, pending, replaced, settled
from ops.recover.search import Finding
from ops.stacks import Stack, exported
from toolchain.layout import REPOSITORY

__all__ = ["Answers", "Recovery"]

KEPT: Final = REPOSITORY.root / "build" / "recover"
"""Where the state is kept as it was before each change."""


class Recovery:
    """One recovery of one stack.

    Args:
        stack: The stack.
        answers: What the operator knows.
        tell: Shows the operator a line.
        before: Is called once the state can be read, and may refuse to go on.
    """

    def __init__(
        self,
        stack: Stack,
        answers: Answers,
        tell: Callable[[str], object] = print,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        self._stack = stack
        self._answers = answers
        self._tell = tell
        self._before = before
        self._knowledge = Knowledge(stack, answers)
        self._kept: Path | None = None

    def run(self) -> bool:
        """Recovers; False where something is left for the operator to decide or is gone for ever, all of which has been told.

        Raises:
            OperationError: When it cannot go on; what was done until then stays.
        """
        for holder in free(self._stack, holder_is_gone=self._answers.holder_is_gone):
            self._tell(f"the update of {holder} is dead: its lock is cancelled")
        leftovers.wait()
        self._before()
        export = exported(self._stack)
        operations = pending(export)
        self._tell(f"stack {self._stack.stack}: {len(operations)} operations pending")
        complete = True
        if operations:
            settled_well = self._settle(export, operations)
            if settled_well is None:
                return False
            complete = settled_well
        if self._answers.state_lost:
            self._frame()
        complete = self._missing() and complete
        self._list_strays()
        self._verify()
        if self._kept is not None:
            kept = self._kept.relative_to(REPOSITORY.root) if self._kept.is_relative_to(REPOSITORY.root) else self._kept
            self._tell(f"the state as it was before is in {kept}; `pulumi stack import --file` would put it back")
        return complete

    # What an update had begun.

    def _settle(self, export: dict[str, Any], operations: list[Pending]) -> bool | None:
        """Whether all that is kept for ever is still there; None where the operator has to decide first."""
        created = {one.urn: one.resource for one in operations if one.kind == CREATING}
        findings = self._knowledge.of(created, export, {})
        for one in operations:
            self._tell(f"  {one.kind} {_short(one.type)} {one.name}: {_outcome(findings.get(one.urn))}")
        if open_ := [one for one in findings.values() if one.undecided]:
            self._tell_undecided(open_)
            self._tell("nothing was changed")
            return None
        found = {urn: one.ids[0] for urn, one in findings.items() if one.ids}
        self._put_back(export, settled(export, found))
        in_state = live(exported(self._stack))
        return self._read({*found, *(one.urn for one in operations if one.urn in in_state)})

    # What was made and never told.

    def _frame(self) -> None:
        """Makes components and providers, which are nowhere but in the state: nothing can be taken in without them."""
        frame = [urn for urn, one in missing.creations(self._stack).items() if missing.is_frame(one)]
        if frame:
            self._tell(f"{len(frame)} components and providers are written into the state anew")
            targets = [word for urn in frame for word in ("--target", urn)]
            self._stack.pulumi(
                *("up", "--yes", "--skip-preview", "--non-interactive", "--suppress-progress", "--suppress-outputs"),
                *targets,
            )

    def _missing(self) -> bool:
        """Takes in what the program wants and the account has; repeats while that makes further resources findable."""
        tried: set[str] = set()
        kept = True
        while True:
            made = missing.creations(self._stack)
            export = exported(self._stack)
            state = live(export)
            possible = {urn: one for urn, one in made.items() if urn not in tried and missing.can_be_there(one, state)}
            findings = self._knowledge.of(possible, export, made)
            found = {
                urn: one.ids[0]
                for urn, one in findings.items()
                if one.ids and not one.undecided and (urn not in state or _may_replace(state[urn], one))
            }
            tried |= found.keys()
            if not found:
                break
            edited = replaced(export, {urn: id_ for urn, id_ in found.items() if urn in state})
            entries = [missing.entry(made[urn], id_) for urn, id_ in found.items() if urn not in state]
            self._put_back(export, added(edited, entries))
            kept = self._read(found) and kept
            if not live(exported(self._stack)).keys() & found.keys():
                break
        return (
            self._tell_missing(made, [one for one in findings.values() if one.undecided and not one.waits_for]) and kept
        )

    def _tell_missing(self, made: Resources, unclear: list[Finding]) -> bool:
        open_ = [one for one in unclear if one.ids or one.asked]
        if open_:
            self._tell_undecided(open_)
        unseen = [one for one in unclear if one not in open_]
        # Nothing was pending for these, so a reply of theirs was lost at the worst: asking about each would be noise.
        for type_ in sorted({made[one.urn]["type"] for one in unseen}):
            of_type = [one for one in unseen if made[one.urn]["type"] == type_]
            names = ", ".join(_name(one.urn) for one in of_type)
            self._tell(
                f"  not looked up: {len(of_type)} {_short(type_)} ({names}); if the next update says that one exists: "
                f"{of_type[0].undecided}"
            )
        absent = [
            one for one in made.values() if missing.is_looked_up(one) and one["urn"] not in {o.urn for o in open_}
        ]
        if not absent:
            self._tell("none is missing")
            return not open_
        self._tell(f"{len(absent)} resources of the program are not there; the next update makes them")
        counts = Counter(_short(one["type"]) for one in absent if one.get("protect"))
        for type_, count in sorted(counts.items()):
            names = ", ".join(
                _name(one["urn"]) for one in absent if one.get("protect") and _short(one["type"]) == type_
            )
            self._tell(f"  among them {count} {type_}: {names}")
        return not open_

    def _list_strays(self) -> None:
        """Tells what the accounts have of ours that neither state nor program knows.

        It leaves no recovery unfinished: what was kept on purpose stays for ever, and a cloud lists what was deleted for
        minutes, a key for its 30 days. A second host of a name is refused by the program itself (`components.guard`).
        """
        strays = self._knowledge.strays(exported(self._stack))
        if strays:
            self._tell(
                f"{len(strays)} in the accounts under this stack's name and not in its state (kept on purpose, deleted "
                "lately, or made and forgotten: look at each):"
            )
        for one in strays:
            self._tell(f"  {one}")

    def _verify(self) -> None:
        export = exported(self._stack)
        if left := pending(export):
            raise OperationError(
                f"{len(left)} operations are pending again\n  remedy: another update ran meanwhile; run this again when it ended"
            )
        if unused := self._knowledge.unused(export):
            raise OperationError(
                f"nobody asked about {', '.join(unused)}; all else is done\n"
                "  remedy: compare the URN with what was printed; what the state has needs no answer"
            )

    # The state and the accounts.

    def _put_back(self, before: Mapping[str, Any], edited: Mapping[str, Any]) -> None:
        """Replaces the state that `before` was read from.

        Raises:
            OperationError: When the state is another one by now.
        """
        if exported(self._stack)["deployment"] != before["deployment"]:
            raise OperationError(
                "the state was changed meanwhile\n  remedy: see who else is at work, then run this again"
            )
        self._kept = self._keep(before)
        path = self._kept.with_suffix(".edited.json")
        try:
            _write(path, edited)
            self._stack.pulumi("stack", "import", "--file", str(path), "--non-interactive")
        finally:
            path.unlink(missing_ok=True)

    def _keep(self, export: Mapping[str, Any]) -> Path:
        KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = KEPT / f"{self._stack.project}.{self._stack.stack}.{time.time_ns()}.json"
        _write(path, export)
        return path

    def _read(self, urns: Iterable[str]) -> bool:
        """Reads these resources from their accounts; False where one that is kept for ever is gone."""
        wanted = sorted(urns)
        if not wanted:
            return True
        self._tell(f"reading {len(wanted)} resources from the accounts")
        before = exported(self._stack)
        targets = [word for urn in wanted for word in ("--target", urn)]
        self._stack.pulumi(
            *("refresh", "--yes", "--non-interactive", "--suppress-progress", "--suppress-outputs"), *targets
        )
        export = exported(self._stack)
        if (single := once(export)) is not None:
            self._put_back(export, single)
        after = live(export)
        for urn in wanted:
            if urn in after:
                self._tell(f"  {_short(after[urn]['type'])} {_name(urn)}: {after[urn].get('id', '')} is there")
        # What has no outputs was never read before: that such a one is not there is what was to be found out.
        gone = [
            one for one in state_of(before) if one["urn"] not in after and one.get("protect") and one.get("outputs")
        ]
        for one in gone:
            self._tell(
                f"  GONE from the account although it is protected: {_short(one['type'])} {_name(one['urn'])} {one['id']}. "
                "The next update would make an empty one in its place: find out what happened, and read docs/drift.md, "
                "before any `pulumi up`"
            )
        return not gone

    def _tell_undecided(self, open_: list[Finding]) -> None:
        self._tell(f"{len(open_)} to be decided by you:")
        for one in open_:
            self._tell(f"  {one.urn}\n    {one.undecided}")


def _outcome(finding: Finding | None) -> str:
    if finding is None:
        return "is read again"
    if finding.undecided:
        return "not decided, see below"
    if not finding.ids:
        return f"not there ({finding.how}); the next update makes it"
    return f"{finding.ids[0]}, found {finding.how}" if finding.asked else f"is read as {finding.ids[0]} ({finding.how})"


def _may_replace(old: Mapping[str, Any], finding: Finding) -> bool:
    """Whether what was found can be the new one of a replacement: the old one is gone, or the account has a second."""
    return bool(old.get("pendingReplacement")) or (finding.asked and finding.ids[0] != old.get("id"))


def _write(path: Path, content: Mapping[str, Any]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _short(type_: str) -> str:
    """The type as the engine prints it, for example `aws:ec2:Instance`."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/')[0]}:{name}".replace(":index:", ":")
