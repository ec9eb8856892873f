"""Figures about interrupted updates: engines killed at random moments, and what recovery leaves in the accounts."""

import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from bench.results import Figure, Goal
from tests.support.killed import KINDS, Killing, Outcome

RUNS: Final = 50
"""Updates that were still at work when they were killed: that many are wanted."""
RUNS_QUICKLY: Final = 8
MOST: Final = 1.6
"""Runs that are begun for each that is wanted, at the most: an update may end before its moment comes."""
WORKERS: Final = 2
FIRST_SEED: Final = 20_000


def measure(*, quick: bool) -> Figure:
    """Figure killed_runs: a fleet on three clouds whose update is killed, recovered and completed, again and again."""
    wanted = RUNS_QUICKLY if quick else RUNS
    with tempfile.TemporaryDirectory(prefix="redoubt-killed-") as folder, ThreadPoolExecutor(WORKERS) as pool:
        # Each worker has a fleet and an account of its own; one alone leaves half of two cores idle.
        parts = [
            pool.submit(_some, Path(folder) / str(number), -(-wanted // WORKERS), FIRST_SEED + 1000 * number)
            for number in range(WORKERS)
        ]
        outcomes = [outcome for part in parts for outcome in part.result()]
    return _figure(outcomes)


def _some(folder: Path, wanted: int, first_seed: int) -> list[Outcome]:
    """Runs until as many as wanted were killed at work."""
    folder.mkdir()
    killing = Killing(folder)
    outcomes: list[Outcome] = []
    while sum(one.killed for one in outcomes) < wanted and len(outcomes) < MOST * wanted:
        number = len(outcomes)
        kind, lost = KINDS[number % len(KINDS)], bool(number // len(KINDS) % 2)
        outcomes.append(killing.once(kind, first_seed + number, lost_reply=lost))
        print(f"  {outcomes[-1]}", file=sys.stderr, flush=True)
    return outcomes


def _figure(outcomes: Sequence[Outcome]) -> Figure:
    failed = [one for one in outcomes if one.failure is not None]
    twins = [f"{one.seed}: {name}" for one in outcomes for name in one.twins]
    orphans = [f"{one.seed}: {name}" for one in outcomes for name in one.orphans]
    killed = sum(one.killed for one in outcomes)
    pending = sum(one.pending for one in outcomes)
    return Figure(
        name="killed_runs",
        says=f"{killed} of {len(outcomes)} updates killed at work, {pending} operations left pending, "
        f"{len(outcomes) - len(failed)} recovered, {len(twins)} twin hosts, {len(orphans)} unlisted orphans",
        goals=(
            Goal(what="runs short of 50", limit=0, value=max(0, RUNS - killed)),
            Goal(what="twin hosts", limit=0, value=len(twins)),
            Goal(what="orphans that nobody listed", limit=0, value=len(orphans)),
            Goal(what="runs not recovered", limit=0, value=len(failed)),
        ),
        detail={
            "killed_runs": killed,
            "begun": len(outcomes),
            "pending_operations": pending,
            "twin_hosts": len(twins),
            "orphans_unlisted": len(orphans),
            "runs_recovered": len(outcomes) - len(failed),
            "decided_by_hand": sum(len(one.decided_by_hand) for one in outcomes),
            "twins": twins,
            "orphans": orphans,
            "failures": [{"seed": one.seed, "kind": one.kind, "why": one.failure} for one in failed],
            "by_kind": _by_kind(outcomes),
        },
    )


def _by_kind(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        kind: {
            "runs": len(of_kind),
            "killed_at_work": sum(one.killed for one in of_kind),
            "with_a_lost_reply": sum(one.lost_reply for one in of_kind),
            "pending_operations": sum(one.pending for one in of_kind),
        }
        for kind in KINDS
        for of_kind in [[one for one in outcomes if one.kind == kind]]
    }
