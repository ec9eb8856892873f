"""`python -m bench`: measures, writes build/bench.json, prints a table.

A missed goal is said plainly and is no failure; what could not be measured is, and gives status 1.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from bench import hosts, imports, suite
from bench.paths import RESULT
from bench.results import Figure, MeasureError, table
from bench.shapes import SHAPES
from toolchain import tools
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY

Measure = Callable[[bool], Figure]


def _preview(quick: bool) -> Figure:
    from bench import preview  # imports the SDK, whose memory would be handed on to the measured processes

    return preview.measure(quick=quick)


def _proof_seconds(quick: bool) -> Figure:
    from bench import proofs

    return proofs.seconds(quick=quick)


def _mutants(quick: bool) -> Figure:  # noqa: ARG001 - every mistake counts, also in a hurry
    from bench import proofs

    return proofs.mutants()


def _disagreements(quick: bool) -> Figure:
    from bench import proofs

    return proofs.disagreements(quick=quick)


def _killed(quick: bool) -> Figure:
    from bench import killed

    return killed.measure(quick=quick)


def _policy_cost(quick: bool) -> Figure:
    from bench import policies

    return policies.cost(quick=quick)


def _policy_coverage(quick: bool) -> Figure:  # noqa: ARG001 - there is nothing to hurry
    from bench import policies

    return policies.coverage()


def _policy_mutants(quick: bool) -> Figure:  # noqa: ARG001 - every mutant counts
    from bench import policies

    return policies.mutants_caught()


def _hosts(name: str) -> Measure:
    return lambda quick: hosts.measure(name, quick=quick)


FIGURES: Final[dict[str, Measure]] = {
    **{name: _hosts(name) for name in SHAPES},
    "unit_seconds": lambda quick: suite.measure(quick=quick),
    "import_seconds": lambda quick: imports.measure(quick=quick),
    "preview_vs_floor": _preview,
    "prove_50_hosts_seconds": _proof_seconds,
    "prover_mutants_caught": _mutants,
    "prover_disagreements": _disagreements,
    "policy_cost": _policy_cost,
    "policy_coverage": _policy_coverage,
    "policy_mutants_caught": _policy_mutants,
    "killed_runs": _killed,
}
"""By name, in the order measured: the ones that measure memory come first, while this process is small."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(prog="python -m bench", description="Measure, into build/bench.json.")
    result.add_argument("--only", action="append", choices=FIGURES, help="measure this figure only; may be repeated")
    result.add_argument("--quick", action="store_true", help="fewer rounds: shows that it works, not how fast it is")
    result.add_argument("--output", type=Path, default=RESULT, help="where to write (default: build/bench.json)")
    return result


def machine() -> dict[str, Any]:
    """What the figures were taken on; nothing that names the machine."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load_before": [round(one, 2) for one in os.getloadavg()],
        "pulumi_sdk": metadata.version("pulumi"),
        "pulumi_aws": metadata.version("pulumi-aws"),
        "pydantic": metadata.version("pydantic"),
        "pulumi_cli": _cli_version(),
    }


def _cli_version() -> str | None:
    """The version of the CLI that set-up chose; None where set-up has not run."""
    try:
        chosen = tools.read(REPOSITORY)
    except SetupError:
        return None
    done = subprocess.run([chosen.pulumi, "version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(names: Sequence[str], *, quick: bool) -> tuple[list[Figure], dict[str, str]]:
    """Measures figures by name; returns them, and by name why one could not be measured."""
    figures: list[Figure] = []
    failures: dict[str, str] = {}
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        try:
            figures.append(FIGURES[name](quick))
        except (MeasureError, subprocess.TimeoutExpired) as error:
            failures[name] = str(error)
    by_name = {figure.name: figure for figure in figures}
    if {"hosts_100", "hosts_1000"} <= by_name.keys():
        figures.append(hosts.growth(by_name["hosts_100"], by_name["hosts_1000"]))
    return figures, failures


def main(arguments: Sequence[str]) -> int:
    """Measures what the command line asks for."""
    options = parser().parse_args(arguments)
    document: dict[str, Any] = {"machine": machine(), "quick": options.quick}
    names = [name for name in FIGURES if options.only is None or name in options.only]
    figures, failures = run(names, quick=options.quick)
    document["figures"] = {figure.name: figure.as_json() for figure in figures}
    document["not_measured"] = failures
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(document, indent=2) + "\n")
    print(table(figures, failures))
    if options.quick:
        print("measured with --quick: too few rounds to hold against the goals")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
