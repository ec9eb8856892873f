"""Figure unit_seconds: how long a developer waits for the unit tests. Whole programs under mocks are a stage of their own."""

import statistics
import subprocess
import sys
import time
from typing import Final

from bench.paths import ROOT
from bench.results import Figure, Goal, MeasureError, rounded

SUITES: Final = ("tests/unit",)
AS_IN_CI: Final = ("-n", "auto", "--dist", "loadfile")
"""As `make test` runs them."""
LIMIT: Final = 30.0
ROUNDS: Final = 3
TIMEOUT: Final = 600.0


def measure(*, quick: bool) -> Figure:
    """Runs the suites as a developer does.

    Raises:
        MeasureError: When they fail: the time of a failing suite says nothing.
    """
    seconds = [_once() for _ in range(1 if quick else ROUNDS)]
    median = rounded(statistics.median(seconds))
    return Figure(
        name="unit_seconds",
        says=f"{median:.1f} s for {' and '.join(SUITES)}",
        goals=(Goal(what="seconds", limit=LIMIT, value=median),),
        detail={"median_seconds": median, "seconds": [rounded(one) for one in seconds], "rounds": len(seconds)},
    )


def _once() -> float:
    command = [sys.executable, "-m", "pytest", *SUITES, "-q", *AS_IN_CI]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-5:])
        raise MeasureError(f"the tests do not pass:\n{last}\n  remedy: mend them, see `{' '.join(command[1:])}`")
    return seconds
