"""Figure import_seconds: what the program's own imports cost, by the providers that a stack uses.

A provider's SDK is loaded only when a site uses it. Each figure is a fresh Python that imports what the program imports
and what `components.registry` would for these providers; it plans and registers nothing.
"""

import statistics
import subprocess
import sys
import time
from typing import Final

from bench.paths import ROOT
from bench.results import Figure, Goal, MeasureError, rounded

MIXES: Final[dict[str, tuple[str, ...]]] = {
    "baremetal": ("baremetal",),
    "aws": ("aws",),
    "gcp": ("gcp",),
    "digitalocean": ("digitalocean",),
    "all four": ("baremetal", "aws", "gcp", "digitalocean"),
}
METAL_SECONDS: Final = 0.7
ROUNDS: Final = 7
PROGRAM: Final = """
import sys
from importlib import import_module

import pulumi

from components.config import fleet_value
from components.guard import Guard
from components.outputs import export
from components.registry import PACKAGE, build_sites
from components.state import present_state
from fleet.plan import plan

for provider in sys.argv[1:]:
    import_module(f"{PACKAGE}.{provider}.site")
"""


def measure(*, quick: bool) -> Figure:
    """Starts Python once for each mix and round.

    Raises:
        MeasureError: When an import fails.
    """
    medians = {name: _median(mix, rounds=2 if quick else ROUNDS) for name, mix in MIXES.items()}
    return Figure(
        name="import_seconds",
        says=", ".join(f"{name} {value:.2f} s" for name, value in medians.items()),
        goals=(Goal(what="seconds for bare metal alone", limit=METAL_SECONDS, value=medians["baremetal"]),),
        detail={"median_seconds": medians},
    )


def _median(mix: tuple[str, ...], *, rounds: int) -> float:
    _once(mix)  # fills the caches of bytecode and files
    return rounded(statistics.median(_once(mix) for _ in range(rounds)))


def _once(mix: tuple[str, ...]) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", PROGRAM, *mix], cwd=ROOT, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise MeasureError(f"the program's imports fail: {done.stderr.strip()[-300:]}\n  remedy: mend them")
    return taken
