"""`python -m ops.upgrade_check`: what `make upgrade-check` runs.

Exit code 0: every upgrade keeps what exists; 1: one would replace or delete something; 2: it could not be tried.
"""

import argparse
import json
import sys
from pathlib import Path

from ops.errors import OperationError
from ops.rehearsal.workspace import Edit
from ops.stacks import fail
from ops.upgrade_check import steps
from ops.upgrade_check.shown import show
from toolchain.console import Console
from toolchain.errors import SetupError

FROM = ("older", "pinned")


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.upgrade_check",
        description="Make a fleet on simulated clouds with one set of Pulumi SDKs and preview it with a newer one.",
        epilog=(
            "Steps: `older` is made with the SDKs of toolchain/older-sdks.txt and previewed with the pinned ones; "
            "`pinned` is made with the pinned ones and previewed with the newest of the package index, or those of --to."
        ),
    )
    result.add_argument("--stack", default="testnet", help="the stack whose fleet is tried (default: %(default)s)")
    result.add_argument("--step", action="append", choices=FROM, help="take this step alone; may be repeated")
    result.add_argument(
        "--to", action="append", default=[], metavar="SDK==VERSION", help="try this version in place of the newest"
    )
    result.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON too")
    result.add_argument("--keep", action="store_true", help="keep the rehearsals in build/upgrade-check-*")
    return result


def check(
    stack: str, chosen: tuple[str, ...], wanted: list[str], *, keep: bool, edit: Edit | None = None
) -> tuple[list[steps.Step], list[str]]:
    """Takes the steps.

    Args:
        stack: The stack whose fleet is tried.
        chosen: Steps by what they begin with, of `FROM`.
        wanted: SDKs to try in place of the newest.
        keep: Leaves the rehearsals behind.
        edit: Changes the fleet, as with `Rehearsal`.

    Returns:
        The steps, and a line for each that there was no need to take.

    Raises:
        SetupError: When an environment cannot be made.
        OperationError: When a fleet cannot be made or previewed.
    """
    console = Console()
    taken: list[steps.Step] = []
    left_out: list[str] = []
    with steps.folder(keep=keep) as folder:
        if "older" in chosen:
            taken.append(steps.take(stack, steps.older(console), steps.pinned(), folder / "older", edit))
        if "pinned" in chosen:
            newest = steps.newest(console, wanted)
            if newest is None:
                left_out.append("pinned -> newest: the pinned SDKs are the newest that the package index has")
            else:
                taken.append(steps.take(stack, steps.pinned(), newest, folder / "pinned", edit))
    return taken, left_out


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        taken, left_out = check(options.stack, tuple(options.step or FROM), options.to, keep=options.keep)
    except (OperationError, SetupError) as error:
        return fail(error)
    except KeyboardInterrupt:
        return fail(OperationError("interrupted\n  remedy: run it again; environments that were made are kept"))
    if taken:
        show(options.stack, taken)
    for line in left_out:
        print(line)
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        result = {"stack": options.stack, "steps": [step.plain() for step in taken], "left_out": left_out}
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0 if all(step.keeps for step in taken) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
