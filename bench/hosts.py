"""Figures hosts_10, hosts_100, hosts_1000: the program under mocks beside its floor, in fresh processes.

Several fleets run one after the other in one process, each through the real `__main__.py` with a config of its own; the
figure is the sum. What is measured is Python alone: no engine, no provider, no network.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from bench.paths import BUILD, ROOT
from bench.results import Comparison, Figure, Goal, MeasureError, rounded
from bench.shapes import SHAPES
from ops.rehearsal import environment

RATIO: Final = 1.15
GROWTH: Final = 1.2
ROUNDS: Final = {"hosts_10": 5, "hosts_100": 5, "hosts_1000": 3}
TIMEOUT: Final = 1800.0
METHOD: Final = (
    "each figure from a fresh process; after imports and one run of hosts_10; mocked monitor, no engine; fleets one "
    "after the other in one process, summed"
)


def measure(name: str, *, quick: bool) -> Figure:
    """Measures one shape.

    Raises:
        MeasureError: When a run failed, or program and floor did not register the same resources.
    """
    shape, folder = SHAPES[name], BUILD / "floors"
    _child("record", name, folder)
    programs: list[dict[str, Any]] = []
    floors: list[dict[str, Any]] = []
    for _ in range(1 if quick else ROUNDS[name]):
        programs.append(_child("program", name, folder))
        floors.append(_child("floor", name, folder))
    _refuse_differences(name, programs, floors)
    comparison, processor = (
        Comparison(program=tuple(one[key] for one in programs), floor=tuple(one[key] for one in floors))
        for key in ("seconds", "cpu_seconds")
    )
    resources = programs[0]["resources"]
    milliseconds = 1000 * statistics.median(comparison.program) / resources
    peak, floor_peak = (statistics.median(one["peak_mib"] for one in runs) for runs in (programs, floors))
    return Figure(
        name=name,
        says=f"{comparison.says(processor)}; {resources} resources, {milliseconds:.2f} ms each, peak {peak:.0f} MiB",
        goals=(Goal(what="program over floor", limit=RATIO, value=rounded(comparison.ratio)),),
        detail={
            **comparison.as_json(),
            "resources": resources,
            "cpu": processor.as_json(),
            "program_milliseconds_per_resource": rounded(milliseconds),
            "program_peak_mib": rounded(peak),
            "floor_peak_mib": rounded(floor_peak),
            "shape": shape.describe(),
            "method": METHOD,
        },
    )


def growth(smaller: Figure, larger: Figure) -> Figure:
    """How the cost of one resource grows from one figure to the next."""
    key = "program_milliseconds_per_resource"
    before, after = smaller.detail[key], larger.detail[key]
    floors = [1000 * one.detail["floor_median_seconds"] / one.detail["resources"] for one in (smaller, larger)]
    return Figure(
        name="cost_growth",
        says=f"a resource costs {before:.2f} ms in {smaller.name}, {after:.2f} ms in {larger.name}",
        goals=(
            Goal(
                what=f"cost of a resource, {larger.name} over {smaller.name}",
                limit=GROWTH,
                value=rounded(after / before),
            ),
        ),
        detail={"ratio": rounded(after / before), "floor_ratio": rounded(floors[1] / floors[0])},
    )


def _refuse_differences(name: str, programs: list[dict[str, Any]], floors: list[dict[str, Any]]) -> None:
    """A ratio means something only between the same registrations, and only if the floor really plans nothing."""
    if len({one["fingerprint"] for one in [*programs, *floors]}) > 1:
        raise MeasureError(
            f"program and floor of {name} did not register the same resources\n"
            "  remedy: find the difference with tests/unit/bench/test_floor.py and mend bench/floor.py"
        )
    if any(one["planner_imported"] for one in floors):
        raise MeasureError(
            "the floor imports the planner\n  remedy: find out which module of bench or tests/support does"
        )


def _child(what: str, shape: str, folder: Path) -> dict[str, Any]:
    """Runs `bench.child` and returns what it measured. This process stays small: Linux hands its peak memory on."""
    kept = {name: value for name, value in os.environ.items() if not environment.is_stripped(name)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", what, shape, str(folder)],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise MeasureError(
            f"{what} of {shape} ended with status {done.returncode}: {last}\n"
            f"  remedy: run `python -m bench.child {what} {shape} {folder}` and read the whole message"
        )
    return json.loads(done.stdout)
