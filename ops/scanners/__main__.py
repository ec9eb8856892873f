"""`python -m ops.scanners`: compare the policy pack with Checkov.

Exit code 0: each difference is explained, and each explanation is of a difference; 1: one is not; 2: it could not be tried.
"""

import argparse
import json
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from ops.errors import OperationError
from ops.scanners import checkov, compare, plans, table
from ops.scanners.model import Form
from ops.scanners.samples import ACCEPTED, SAMPLES
from ops.stacks import fail
from policies.catalogue import ALL
from toolchain.console import Console
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY

PLANS = REPOSITORY.root / "build" / "scanners" / "plans"


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.scanners",
        description="Compare the policy pack with Checkov on resources whose faults are known.",
    )
    result.add_argument("--write", action="store_true", help="write the table into docs/scanners.md, with today's date")
    return result


def asked(console: Console) -> list[compare.Row]:
    """What both say of every sample; Checkov is installed first where it is not there."""
    program = checkov.installed(console)
    PLANS.mkdir(parents=True, exist_ok=True)
    # By what is in them: samples of one resource share its sound form, which is asked about once.
    files: dict[str, Path] = {}
    for sample in SAMPLES:
        forms = {"sound": sample.sound, "broken": sample.broken} | ({"near": sample.near[1]} if sample.near else {})
        for kind, form in forms.items():
            path = files.setdefault(_text(form), PLANS / f"{sample.name}.{kind}.json")
            path.write_text(_text(form))
    console.progress(f"asking Checkov about {len(files)} plans in {REPOSITORY.shown(PLANS)}: some seconds each")
    said = checkov.failed(program, files)
    return [
        compare.row(
            one,
            said[_text(one.sound)],
            said[_text(one.broken)],
            said[_text(one.near[1])] if one.near else frozenset(),
        )
        for one in SAMPLES
    ]


def _text(form: Form) -> str:
    return json.dumps(plans.plan(form), indent=1) + "\n"


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        rows = asked(Console())
        print(*table.lines(rows), sep="\n")
        if wrong := list(compare.problems(rows, ACCEPTED)):
            print(*(f"error: {text}" for text in wrong), sep="\n", file=sys.stderr)
            return 1
        if options.write:
            project = tomllib.loads((REPOSITORY.root / "pyproject.toml").read_text())["project"]
            head = table.head(datetime.now(tz=UTC).date(), checkov.version(), project["version"], len(ALL))
            table.write(table.markdown(rows, ACCEPTED, head))
    except (OperationError, SetupError) as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
