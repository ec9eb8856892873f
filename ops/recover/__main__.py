"""`python -m ops.recover --stack testnet`: what `make recover` runs. Exit code 0: recovered; 1: yours to decide; 2: refused."""

import argparse
import sys

from ops import stacks
from ops.errors import OperationError
from ops.recover.knowledge import Answers
from ops.recover.recovery import Recovery
from ops.state import older
from toolchain.errors import SetupError


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.recover",
        description="Put the state right after an update that was killed or whose replies were lost. Makes and deletes "
        "nothing in the accounts, and can be run again.",
    )
    stacks.add_options(result)
    older.add_options(result)
    result.add_argument(
        "--import", dest="imports", action="append", default=[], metavar="URN=ID", help="this resource exists"
    )
    result.add_argument("--absent", action="append", default=[], metavar="URN", help="this resource does not exist")
    result.add_argument(
        "--holder-is-gone", action="store_true", help="an update on another machine has ended; cancel its lock"
    )
    result.add_argument(
        "--state-lost",
        action="store_true",
        help="the state is empty and the fleet exists: find all of it (docs/state.md)",
    )
    return result


def answers(options: argparse.Namespace) -> Answers:
    """What the command line says about single resources.

    Raises:
        OperationError: When it contradicts itself.
    """
    imports: dict[str, str] = {}
    for one in options.imports:
        urn, _, id_ = one.rpartition("=")
        if not urn.startswith("urn:pulumi:") or not id_:
            raise OperationError(f"--import {one} is not URN=ID\n  remedy: give the URN as printed, then = and the id")
        imports[urn] = id_
    for urn in options.absent:
        if not urn.startswith("urn:pulumi:"):
            raise OperationError(f"--absent {urn} is no URN\n  remedy: give the URN as printed")
    if both := sorted(imports.keys() & set(options.absent)):
        raise OperationError(f"{both[0]} is said to be there and not to be there\n  remedy: give one of the two")
    return Answers(
        imports=imports,
        absent=frozenset(options.absent),
        holder_is_gone=options.holder_is_gone,
        state_lost=options.state_lost,
    )


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        stack = stacks.chosen(options)
        folder = None if options.state_lost else older.folder_of(options)
        complete = Recovery(
            stack, answers(options), before=lambda: older.check(stack, folder, older_is_right=options.older_is_right)
        ).run()
    except (OperationError, SetupError) as error:
        return stacks.fail(error)
    except KeyboardInterrupt:
        stacks.fail(OperationError("interrupted\n  remedy: run this again: it goes on with what is there"))
        return 130
    print(
        "recovered: `pulumi up` goes on"
        if complete
        else "not finished: look at what is said above, then run this again"
    )
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
