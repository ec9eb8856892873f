"""For commands that change a fleet: a state that is older than its last backup is refused, where the backups are known.

The engine itself compares a state with nothing: `pulumi up` takes an old one for the truth.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.stacks import Stack
from ops.state.backup import refuse_older_than_backup

VARIABLE: Final = "REDOUBT_BACKUPS"
"""Names the folder of backups for a shell. It counts for real stacks alone: a rehearsal has their names and other states."""


def add_option(parser: argparse.ArgumentParser) -> None:
    """Adds `--backups`."""
    parser.add_argument(
        "--backups",
        type=Path,
        metavar="DIRECTORY",
        help=f"refuse what is older than the last backup there (for a real stack by default ${VARIABLE})",
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what a command takes that calls `check`."""
    add_option(parser)
    parser.add_argument(
        "--older-is-right", action="store_true", help="go on although the state is behind the last backup"
    )


def folder_of(options: argparse.Namespace) -> Path | None:
    """The folder of backups to compare with, by the command line or the environment; None where neither names one."""
    if options.backups is not None:
        return options.backups
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named and options.rehearsal is None else None


def check(
    stack: Stack, backups_dir: Path | None, *, older_is_right: bool = False, say: Callable[[str], object] = print
) -> None:
    """Refuses to go on with a state that is behind the last backup. It takes no lock and changes nothing.

    To be called before anything is changed, and not where the state is known to be lost.

    Args:
        stack: The stack.
        backups_dir: The folder of backups; with None nothing is compared.
        older_is_right: The operator said so.
        say: Takes what to tell the operator.

    Raises:
        OperationError: When the folder is not there, or state or backups cannot be read.
        Finding: When the state is behind (an OperationError too).
    """
    if backups_dir is None:
        return
    refuse_missing(backups_dir)
    if refuse_older_than_backup(stack, backups_dir, older_is_right=older_is_right) is None:
        say(f"{backups_dir} has no backup of {stack.project}/{stack.stack}: nothing to compare the state with")


def refuse_missing(backups_dir: Path) -> None:
    """Refuses a folder that is not there: a mistyped one would let every state pass.

    Raises:
        OperationError: When it is not there.
    """
    if not backups_dir.is_dir():
        raise OperationError(
            f"there is no folder {backups_dir} to compare the state with\n"
            f"  remedy: name the folder of backups with --backups or in {VARIABLE}, or neither"
        )
