"""Putting a backup back, and all that stands against it."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ops.errors import OperationError
from ops.stacks import Stack
from ops.state import folder, scratch
from ops.state.backup import behind, command, counted, keep, key_at_hand
from ops.state.export import Export, Finding, nanoseconds, refuse_keys_in_clear
from ops.state.folder import Backup
from ops.state.manifest import RESTORE
from ops.state.older import refuse_missing
from ops.state.present import present, refuse_foreign, refuse_locked, refuse_owner, said

Say = Callable[[str], object]


def verified(stack: Stack, path: Path, *, backups_dir: Path | None = None) -> tuple[Backup, Export, list[str]]:
    """A backup that can be restored: whole, of this stack, and proved in a scratch backend.

    Args:
        path: Its export or its manifest.
        backups_dir: Where to look for the last backup, which it must not be behind.

    Returns:
        The backup, its export, and warnings, a line each.

    Raises:
        OperationError: When it could not be tried.
        Finding: When it is damaged, of another stack, behind the last backup, or does not decrypt.
    """
    if backups_dir is not None:
        refuse_missing(backups_dir)
    found = folder.open_backup(path)
    refuse_owner(found.manifest.project, found.manifest.stack, stack, str(found.path))
    export = found.load()
    refuse_foreign(export, stack, str(found.path))
    if backups_dir is not None:
        _refuse_behind(stack, found, export, backups_dir)
    warnings = key_at_hand(stack, export)
    scratch.check(stack, export, str(found.path))
    return found, export, warnings


def restore(
    stack: Stack,
    path: Path,
    *,
    older: bool = False,
    over_pending: bool = False,
    yes: str | None = None,
    no_secret: Sequence[str] = (),
    backups_dir: Path | None = None,
    say: Say = print,
) -> None:
    """Puts a backup in the place of the present state, which is kept beside it first.

    Args:
        older: Also when the present state, or another backup in the folder, is newer.
        over_pending: Also when the present state has pending operations, which are lost then.
        yes: The stack's name, where nobody is there to type it.
        no_secret: As for `backup`, for what is kept of the present state.
        backups_dir: A further folder of backups, none of which may be newer, as in the backup's own.
        say: Takes what to tell the operator.

    Raises:
        OperationError: When something stands against it; nothing was changed then, unless the text says so.
        Finding: When backup or present state are not what they should be.
    """
    chosen, export, warnings = verified(stack, path, backups_dir=None if older else backups_dir)
    now = present(stack)
    for line in warnings:
        say(line)
    if now is not None and now.same_as(export) and not now.pending:
        say(f"the state of stack {stack.stack!r} is this backup already: nothing was changed")
        return
    refuse_pending(stack, now, over_pending=over_pending)
    _refuse_older(chosen, now, folder.backups(chosen.path.parent, stack.project, stack.stack), older)
    say(f"to restore: {chosen.path}")
    say(f"  state of {chosen.manifest.state_time}: {counted(chosen.manifest)}")
    say(f"  in place of {_described(now)}")
    confirm(stack, yes)
    if now is not None and now.resources:
        say(f"kept first: {_kept(stack, chosen.path.parent, now, frozenset(no_secret)).path}")
    if now is None:
        _init(stack, export)
    put(stack, chosen.path, export)
    say(f"restored: stack {stack.stack!r} has the state of {chosen.manifest.state_time} again")
    for line in _next(stack, chosen):
        say(line)


def refuse_pending(stack: Stack, now: Export | None, *, over_pending: bool) -> None:
    """Refuses to lose the record of an update that was cut off.

    Raises:
        OperationError: With what it was doing.
    """
    if now is None or not now.pending or over_pending:
        return
    what = "\n".join(f"  {_pending(one)}" for one in now.pending[:5])
    raise OperationError(
        f"the present state has {len(now.pending)} pending operations: an update was cut off, and this is the only record "
        f"of what it was making:\n{what}\n"
        f"  remedy: `{stack.command('recover')}` first; to lose that record: --over-pending"
    )


def _pending(operation: object) -> str:
    inner = operation if isinstance(operation, dict) else {}
    resource = inner.get("resource")
    urn = resource.get("urn") if isinstance(resource, dict) else None
    return f"{inner.get('type', 'unknown')} {urn or 'unknown'}"


def _refuse_older(chosen: Backup, now: Export | None, others: list[Backup], older: bool) -> None:
    if older:
        return
    time = nanoseconds(chosen.manifest.state_time)
    if now is not None and now.resources and nanoseconds(now.time) > time:
        raise OperationError(
            f"{chosen.path} is older than the present state: {chosen.manifest.state_time} with {chosen.manifest.resources} "
            f"resources, the present one {now.time} with {len(now.resources)}\n"
            "  remedy: what was made in between would be unknown to the engine. If the backup is right all the same: --older"
        )
    newest = folder.newest_state(others)
    if newest is not None and nanoseconds(newest.manifest.state_time) > time:
        raise OperationError(
            f"{chosen.path} is not the newest backup: its state is of {chosen.manifest.state_time}, that of {newest.path} of "
            f"{newest.manifest.state_time}\n"
            "  remedy: restore the newest one. If the older one is right all the same: --older"
        )


def _refuse_behind(stack: Stack, chosen: Backup, export: Export, backups_dir: Path) -> None:
    last = folder.last_taken(folder.backups(backups_dir, stack.project, stack.stack))
    why = behind(export, last) if last is not None else None
    if last is None or why is None:
        return
    raise Finding(
        f"{chosen.path} {why}\n  last backup: {last.path}\n"
        f"  remedy: `{command(stack, 'restore', last.path)}`. If the older one is right all the same: `verify` without --backups, "
        "`restore --older`"
    )


def _described(now: Export | None) -> str:
    if now is None:
        return "nothing: the backend has no such stack, it is made"
    if not now.resources:
        return "an empty state"
    return f"the state of {now.time}: {len(now.resources)} resources"


def confirm(stack: Stack, yes: str | None) -> None:
    """Has the stack's name typed, where it is not given.

    Raises:
        OperationError: When it is another one, or none.
    """
    remedy = f"\n  remedy: type {stack.stack}, or give --yes {stack.stack}"
    if yes is None:
        print(f"type the stack's name to go on ({stack.stack}): ", end="", flush=True)
        yes = sys.stdin.readline().strip()
        if not yes:
            raise OperationError(f"nobody confirmed: nothing was changed{remedy}")
    if yes != stack.stack:
        raise OperationError(f"{yes!r} is not the stack's name: nothing was changed{remedy}")


def _kept(stack: Stack, to: Path, now: Export, no_secret: frozenset[str]) -> Backup:
    """The present state, put aside. It is not tried in a scratch backend: it may be what is broken."""
    refuse_keys_in_clear(now, "the present state, which is kept first,", no_secret)
    kept, _ = keep(stack, to, now, RESTORE, checked=False)
    again = present(stack)
    if again is None or again.sha256 != now.sha256:
        raise OperationError(
            f"the state of stack {stack.stack!r} changed while it was put aside: somebody is updating it; nothing was changed\n"
            "  remedy: wait for them, look at what they did, and run this again"
        )
    return kept


def _init(stack: Stack, export: Export) -> None:
    provider = {
        "cloud": str((export.provider.get("state") or {}).get("url", "")),
        "service": "default",
    }.get(export.provider_type, "passphrase")
    how = ("--secrets-provider", provider, "--no-select", "--non-interactive")
    done = stack.pulumi("stack", "init", stack.stack, *how, check=False)
    if done.returncode != 0:
        raise OperationError(
            f"stack {stack.stack!r} cannot be made in the backend:\n{said(done)}\n"
            f"  remedy: log in to the backend. If it speaks of the passphrase: take `encryptionsalt` out of "
            f"Pulumi.{stack.stack}.yaml, it is of another one, and set its secrets again"
        )


def put(stack: Stack, path: Path, export: Export) -> None:
    """Imports a file and looks whether the backend holds it then.

    Raises:
        OperationError: When the stack is locked, or the backend refuses it.
        Finding: When it holds something else.
    """
    _import(stack, path)
    now = present(stack)
    if now is None or not now.same_as(export):
        raise Finding(
            f"the state of stack {stack.stack!r} is not the one that was put back: somebody changed it at the same time\n"
            "  remedy: find out who; look with `pulumi refresh --preview-only`, then restore again"
        )


def _import(stack: Stack, path: Path) -> None:
    done = stack.pulumi("stack", "import", "--stack", stack.stack, "--file", str(path.resolve()), check=False)
    if done.returncode == 0:
        return
    refuse_locked(done, stack)
    raise OperationError(
        f"the backend did not take the state of {path}:\n{said(done)}\n"
        "  remedy: the present state was kept first, see above; read what the engine says, mend it, and run this again"
    )


def _next(stack: Stack, chosen: Backup) -> list[str]:
    lines = [
        "Next: what was made, changed or removed after the backup is in the account and not in this state.",
        f"  1. See it: `pulumi refresh --preview-only`, or `{stack.command('drift')}`",
        f"  2. Take up what is missing: `{stack.command('recover')}`",
        "  3. Then `pulumi preview`: it must not create what exists",
    ]
    if chosen.manifest.pending_operations:
        lines.append(
            f"note: the import dropped {chosen.manifest.pending_operations} pending operations of the backup; step 2 finds "
            "what they had made"
        )
    lines.append(f"Back up what you have then: `{stack.command('state backup', '--to', str(chosen.path.parent))}`")
    return lines
