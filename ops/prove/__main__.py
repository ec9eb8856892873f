"""`python -m ops.prove --stack testnet`: what `make prove` runs. Exit code 0: every claim holds; 1: one does not; 2: refused."""

import argparse
import json
import sys
from pathlib import Path

import pulumi

from fleet.plan import plan
from fleet.problems import FleetError
from fleet.proofs.reading.resources import ReadingError
from fleet.proofs.report import Report
from ops.prove.decided import decided
from ops.prove.rendered import rendered
from ops.prove.shown import show
from ops.recording.clouds import Clouds
from ops.recording.run import run_program, stack_config
from ops.recording.stackfile import committed_fleet
from ops.rehearsal.errors import RehearsalError


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.prove",
        description="Prove the claims about a stack's network and placement over what the program would send.",
    )
    result.add_argument("--stack", default="testnet", help="the stack whose file is read (default: %(default)s)")
    result.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON too")
    return result


def prove_stack(stack: str) -> tuple[Report, list[str]]:
    """Records the program of a stack and decides the claims.

    Returns:
        The result, and the fields of the stack file that were stood in for.

    Raises:
        RehearsalError: When there is no such stack.
        FleetError: When the plan refuses the config.
        pulumi.RunError: When the program refuses it.
        ReadingError: When something is rendered that the proofs do not model.
    """
    fleet, filled = committed_fleet(stack)
    planned = plan(fleet, stack)
    recording = run_program(stack_config(fleet), stack, Clouds(preview=False, previous_outputs={}))
    return decided(rendered(planned, recording)), filled


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        report, filled = prove_stack(options.stack)
    except (FleetError, RehearsalError, pulumi.RunError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except ReadingError as error:
        remedy = "leave it out, or teach fleet/proofs/reading what it does to packets"
        print(f"error: nothing is proved: {error}\n  remedy: {remedy}", file=sys.stderr)
        return 2
    show(report, filled)
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report.plain(), indent=1) + "\n")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
