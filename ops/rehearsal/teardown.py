"""Emptying a rehearsal: its records in the simulated account, its state, and the folder once no stack is left in it.

This is not `pulumi destroy`, which rightly refuses to remove a validator's protected parts. It works on files alone, so
it works whatever an interruption left behind: no stack, a lock of a dead process, a half-written file, a lost passphrase.
"""

import json
import shutil
import socket
import sqlite3
from pathlib import Path

from ops.rehearsal.errors import RehearsalError
from ops.rehearsal.workspace import Rehearsal, committed_stacks


def down(rehearsal: Rehearsal) -> list[str]:
    """Remove all of this stack. Returns what was done, a line each; the last states that nothing is left."""
    directory, stack = rehearsal.directory, rehearsal.stack
    present = stacks_in(rehearsal)
    if stack not in present and stack not in committed_stacks(rehearsal.committed):
        raise RehearsalError(
            f"there is no stack {stack!r}, neither rehearsed nor committed\n"
            f"  remedy: name one of {', '.join(sorted({*present, *committed_stacks(rehearsal.committed)})) or 'none'}"
        )
    if not directory.exists():
        return [f"{directory} does not exist: nothing to remove"]
    _refuse_while_running(rehearsal)
    done = []
    last = not present - {stack}
    if not last:
        done.append(_purge_cloud(rehearsal))
    for path in _files_of(rehearsal):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    done.append(f"stack {stack}: state, locks and generated stack file removed")
    if last:
        shutil.rmtree(directory)
        done.append(f"no other stack is left: {directory} removed, and the simulated account with it")
    _verify(rehearsal, last)
    kept = "" if last else f"; kept: {', '.join(sorted(present - {stack}))}"
    done.append(f"nothing is left of {stack}{kept}")
    return done


def stacks_in(rehearsal: Rehearsal) -> set[str]:
    """The stacks of this directory: those with a state, and those that were only prepared."""
    prepared = committed_stacks(rehearsal.directory)
    stateful = [path.name.removesuffix(".json") for path in rehearsal.state_file.parent.glob("*.json")]
    return {*prepared, *stateful}


def _files_of(rehearsal: Rehearsal) -> list[Path]:
    """What belongs to this stack alone. The layout is that of the engine's file backend (pkg/backend/diy)."""
    root, project, stack = rehearsal.directory / "state" / ".pulumi", rehearsal.project, rehearsal.stack
    folders = [root / kind / project / stack for kind in ("history", "backups")]
    candidates = [rehearsal.stack_file, *folders, _lock_folder(rehearsal)]
    candidates += [
        path for path in rehearsal.state_file.parent.glob("*") if path.name.startswith(f"{rehearsal.state_file.name}")
    ]
    return [path for path in candidates if path.exists() or path.is_symlink()]


def _lock_folder(rehearsal: Rehearsal) -> Path:
    locks = rehearsal.directory / "state" / ".pulumi" / "locks"
    return locks / "organization" / rehearsal.project / rehearsal.stack


def _refuse_while_running(rehearsal: Rehearsal) -> None:
    """A lock whose process still lives is an update at work; pulling its files away would leave it writing new ones."""
    for lock in _lock_folder(rehearsal).glob("*.json"):
        try:
            content = json.loads(lock.read_text())
            pid, host = int(content["pid"]), content["hostname"]
        except (ValueError, KeyError, TypeError):
            continue  # cut off while it was written: its process is gone
        if host == socket.gethostname() and _is_engine(pid):
            raise RehearsalError(
                f"an update of stack {rehearsal.stack!r} is running (process {pid})\n"
                f"  remedy: wait for it, or stop it with `kill -INT {pid}`, then run `make down` again"
            )


def _is_engine(pid: int) -> bool:
    """Whether this process is a `pulumi`: after a crash its number may belong to anything."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "pulumi"
    except OSError:
        return False


def _purge_cloud(rehearsal: Rehearsal) -> str:
    """Take this stack's records out of the account that it shares with other stacks."""
    if not rehearsal.cloud.exists():
        return "there is no simulated account yet"
    from simcloud.ledger import LedgerError, open_ledger  # only here: an empty rehearsal needs no simulated cloud

    name = f"{rehearsal.project}/{rehearsal.stack}"
    try:
        account = open_ledger(rehearsal.cloud)
        try:
            count = len(account.purge(name))
            left = account.records(stack=name)
        finally:
            account.close()
    except (LedgerError, sqlite3.DatabaseError) as error:
        raise RehearsalError(
            f"the simulated account {rehearsal.cloud} cannot be read: {error}\n"
            f"  remedy: its other stacks are lost with it; remove {rehearsal.directory} and begin again"
        ) from None
    if left:
        raise RehearsalError(
            f"the simulated account still holds {len(left)} records of stack {rehearsal.stack}\n"
            "  remedy: an update is writing them; stop it and run `make down` again"
        )
    return f"simulated account: {count} records of stack {rehearsal.stack} removed"


def _verify(rehearsal: Rehearsal, last: bool) -> None:
    left = [rehearsal.directory] if last and rehearsal.directory.exists() else _files_of(rehearsal)
    if left:
        raise RehearsalError(
            f"still there: {', '.join(map(str, left))}\n"
            "  remedy: something wrote them while they were removed; stop it and run `make down` again"
        )
