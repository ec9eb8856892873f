"""`python -m ops.state backup|verify|restore|forget-secrets`. Exit code 0: done; 1: looked at and found wrong; 2: refused, or not possible."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ops.errors import OperationError
from ops.rehearsal import Rehearsal
from ops.stacks import OwnStack, Stack, add_options, fail
from ops.state import older, passphrase
from ops.state.backup import backup, counted
from ops.state.export import Finding
from ops.state.forget import forget
from ops.state.restore import restore, verified
from toolchain.errors import SetupError


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.state", description="Back a stack's state up, prove a backup, put one back (docs/state.md)."
    )
    commands = result.add_subparsers(dest="command", required=True)
    one = commands.add_parser("backup", help="export the state, prove the export, and keep it with a manifest")
    add_options(one)
    one.add_argument("--to", type=Path, required=True, metavar="DIRECTORY", help="where backups are kept")
    one.add_argument("--older-is-right", action="store_true", help="though it is behind the last backup there")
    _add_no_secret(one)
    one = commands.add_parser("verify", help="prove a backup again, in a scratch backend")
    add_options(one)
    _add_from(one)
    older.add_option(one)
    one = commands.add_parser("restore", help="put a backup in the place of the present state, which is kept first")
    add_options(one)
    _add_from(one)
    older.add_option(one)
    one.add_argument("--older", action="store_true", help="though the present state or another backup is newer")
    one.add_argument("--over-pending", action="store_true", help="though the record of an update cut off is lost")
    one.add_argument("--yes", metavar="NAME", help="the stack's name, instead of typing it")
    _add_no_secret(one)
    one = commands.add_parser("forget-secrets", help="the passphrase is lost: go on without what it encrypted")
    add_options(one)
    one.add_argument("--to", type=Path, required=True, metavar="DIRECTORY", help="where backups are kept")
    one.add_argument("--older-is-right", action="store_true", help="though it is behind the last backup there")
    one.add_argument("--yes", metavar="NAME", help="the stack's name, instead of typing it")
    return result


def _add_from(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", dest="file", type=Path, required=True, metavar="EXPORT", help="the backup's export")


def _add_no_secret(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--no-secret", action="append", default=[], metavar="PLACE", help="looks like a secret in clear, and is none"
    )


class _Rehearsed(Rehearsal):
    """A rehearsal whose passphrase file may be another one of its folder: the runbook makes a new one beside a lost one."""

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        own = super().environment()
        named = os.environ.get(passphrase.FILE, "")
        # One that stands elsewhere is that of a real stack.
        own_one = named and Path(os.path.realpath(named)).parent == self.directory
        file = {passphrase.FILE: named} if own_one else {}
        return {**own, **file, **(extra or {})}


def located(options: argparse.Namespace) -> Stack:
    """The stack that the command line names. Its state may be gone: it is what these commands are for."""
    if options.rehearsal is None:
        return OwnStack(options.stack)
    rehearsal = _Rehearsed(options.rehearsal, options.stack)
    if not rehearsal.directory.is_dir():
        raise OperationError(
            f"nothing is rehearsed in {rehearsal.directory}\n  remedy: `make up STACK={options.stack}`, or name its folder"
        )
    rehearsal.prepare()
    return rehearsal


def run(options: argparse.Namespace) -> None:
    stack = located(options)
    passphrase.refuse_in_environment(stack.environment())
    if options.command == "backup":
        _, lines = backup(stack, options.to, older_is_right=options.older_is_right, no_secret=options.no_secret)
        print("\n".join(lines))
    elif options.command == "verify":
        found, _, warnings = verified(stack, options.file, backups_dir=older.folder_of(options))
        told = f"{found.path}: restorable, {found.manifest.project}/{found.manifest.stack}, state of"
        print("\n".join([*warnings, f"{told} {found.manifest.state_time}: {counted(found.manifest)}"]))
    elif options.command == "forget-secrets":
        forget(stack, options.to, yes=options.yes, older_is_right=options.older_is_right)
    else:
        restore(
            stack,
            options.file,
            older=options.older,
            over_pending=options.over_pending,
            yes=options.yes,
            no_secret=options.no_secret,
            backups_dir=older.folder_of(options),
        )


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        run(options)
    except Finding as error:
        fail(error)
        return 1
    except (OperationError, SetupError) as error:
        return fail(error)
    except subprocess.TimeoutExpired as error:
        return fail(OperationError(f"the engine did not end in {error.timeout} s\n  remedy: is the backend reachable?"))
    except KeyboardInterrupt:
        print(
            "error: interrupted\n  remedy: run it again; a backup counts once its manifest is written", file=sys.stderr
        )
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
