"""What runs in a fresh process: `python -m bench.child record|program|floor SHAPE FOLDER`, the result as JSON.

A process of its own for every single measurement, since peak memory never falls and a heap that another run has grown
slows the next. Each first runs the smallest shape once, so that imports and the SDK's own caches are paid outside the
measured time, by program and floor alike. The garbage collector is left as Python or the measured program sets it.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from bench import recorded
from bench.shapes import SHAPES, fleets
from tests.support.mocked import Recording
from tests.support.samples import Config

WARM_UP: Final = "hosts_10"
Runner = Callable[[], Recording]


def record(shape: str, folder: Path) -> dict[str, Any]:
    """Writes a floor for each fleet of the shape, and for the fleet of the warm-up."""
    from bench import floor  # only here: the floor's own process need not have it

    for name in {WARM_UP, shape}:
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        for index, config in enumerate(fleets(SHAPES[name])):
            (target / f"{index:02}.py").write_text(floor.source(recorded.listen(recorded.program, config)))
    return {"floors": SHAPES[shape].fleets}


def program_runs(shape: str, _folder: Path) -> list[Runner]:
    """The real program, once for each fleet of a shape."""
    return [_program(config) for config in fleets(SHAPES[shape])]


def _program(config: Config) -> Runner:
    return lambda: recorded.measure(recorded.program, config)


def floor_runs(shape: str, folder: Path) -> list[Runner]:
    """The floor programs of a shape, compiled already."""
    paths = [folder / shape / f"{index:02}.py" for index in range(SHAPES[shape].fleets)]
    return [_floor(path) for path in paths]


def _floor(path: Path) -> Runner:
    code = compile(path.read_text(), path.name, "exec")
    return lambda: recorded.measure(lambda: exec(code, {"__name__": "floor"}), {})  # noqa: S102 - made by `record`


def measured(prepare: Callable[[str, Path], list[Runner]], shape: str, folder: Path) -> dict[str, Any]:
    """Runs one shape, fleet after fleet, and says how long they took, added up."""
    for run in prepare(WARM_UP, folder):
        run()
    seconds, cpu_seconds, resources = 0.0, 0.0, 0
    fingerprints: list[str] = []
    for run in prepare(shape, folder):
        gc.collect()  # a fleet is a process of its own: it does not pay for what the one before it left behind
        started, started_cpu = time.perf_counter(), time.process_time()
        recording = run()
        seconds += time.perf_counter() - started
        cpu_seconds += time.process_time() - started_cpu
        resources += len(recording.resources)
        fingerprints.append(recorded.fingerprint([recording]))
        del recording
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "resources": resources,
        "peak_mib": _peak_mib(),
        "fingerprint": " ".join(fingerprints),
        "planner_imported": "fleet.plan" in sys.modules,
    }


def _peak_mib() -> float:
    """Peak resident memory of this process; Linux counts in KiB, macOS in bytes."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(arguments: Sequence[str]) -> int:
    """Runs one measurement and prints it."""
    what, shape, folder = arguments[0], arguments[1], Path(arguments[2])
    if what == "record":
        result = record(shape, folder)
    else:
        result = measured({"program": program_runs, "floor": floor_runs}[what], shape, folder)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
