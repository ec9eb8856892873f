"""Taking a backup: exported, proved in a scratch backend, and only then put into the folder, manifest last."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ops.errors import OperationError
from ops.stacks import Stack
from ops.state import folder, passphrase, scratch
from ops.state.export import Export, Finding, nanoseconds, refuse_keys_in_clear
from ops.state.folder import Backup
from ops.state.manifest import BACKUP, Manifest, describe
from ops.state.present import present

RUNBOOK = "docs/state.md, runbook"


def backup(
    stack: Stack, to: Path, *, older_is_right: bool = False, no_secret: Sequence[str] = ()
) -> tuple[Backup, list[str]]:
    """Takes a backup of the present state. A state that was backed up before is checked again and not written twice.

    Args:
        to: The folder; made when missing. Nothing in it is overwritten.
        older_is_right: Take it although it is older than the last backup there.
        no_secret: Places that look like a secret in clear and are none, see `refuse_keys_in_clear`.

    Returns:
        The backup, and what to tell the operator, a line each.

    Raises:
        OperationError: When there is nothing to back up, or it cannot be tried or written.
        Finding: When the state shows secrets, is older than the last backup, or does not import.
    """
    export = present(stack)
    if export is None or not export.resources:
        what = "is not in the backend" if export is None else "holds no resources"
        raise OperationError(
            f"stack {stack.stack!r} {what}: there is nothing to back up\n"
            f"  remedy: `pulumi up` first. If it held resources, its state is lost: {RUNBOOK}"
        )
    warnings = key_at_hand(stack, export)
    refuse_older_than_backup(stack, to, state=export, older_is_right=older_is_right)
    refuse_keys_in_clear(export, f"the state of stack {stack.stack!r}", frozenset(no_secret))
    scratch.check(stack, export, f"the state of stack {stack.stack!r}")
    kept, new = keep(stack, to, export, BACKUP, checked=True)
    return kept, [*warnings, *_report(stack, kept, new)]


def key_at_hand(stack: Stack, export: Export) -> list[str]:
    """Makes sure that what decrypts an export is there, as far as that can be said before trying.

    Returns:
        Warnings, a line each.

    Raises:
        OperationError: When the passphrase file is missing or empty.
    """
    return passphrase.check_file(stack.environment()) if export.provider_type == "passphrase" else []


def refuse_older_than_backup(
    stack: Stack, backups_dir: Path, *, state: Export | None = None, older_is_right: bool = False
) -> Backup | None:
    """Refuses a state that is behind the backup that was taken last: somebody put an old version back.

    Behind is: written at an earlier time; or without a single one of the resources that the backup has in an account,
    which is what a backend that was emptied and begun anew looks like. Times are those of the machines that ran the
    engine.

    Args:
        backups_dir: The folder of backups; none is behind where it is empty or missing.
        state: The present state, where the caller has it already.
        older_is_right: Let it pass, but still read the backups.

    Returns:
        The backup that the state was compared with, if there is one.

    Raises:
        OperationError: When state or backups cannot be read.
        Finding: When the state is behind.
    """
    last = folder.last_taken(folder.backups(backups_dir, stack.project, stack.stack))
    if last is None or older_is_right:
        return last
    export = state or present(stack)
    why = "is not in its backend" if export is None else behind(export, last)
    if why:
        raise Finding(
            f"the state of stack {stack.stack!r} {why}\n  last backup: {last.path}\n"
            f"  remedy: find out who put an old state back (the backend's versions or history show it), then restore: "
            f"`{command(stack, 'restore', last.path)}`. If the older state is right: --older-is-right"
        )
    return last


def keep(stack: Stack, to: Path, export: Export, taken_for: str, *, checked: bool) -> tuple[Backup, bool]:
    """Writes an export and then its manifest.

    Returns:
        The backup, and whether it is new: the same state may be there already.
    """
    name = folder.name_of(stack.project, stack.stack, export, taken_for)
    before = next((one for one in folder.backups(to, stack.project, stack.stack) if one.path.name == name), None)
    if before is not None:
        before.load()
        return before, False
    made = describe(
        export,
        owner=(stack.project, stack.stack),
        name=name,
        cli=stack.pulumi("version").stdout.strip(),
        taken_for=taken_for,
        checked=checked,
    )
    path = folder.add(to, name, export.text)
    try:
        folder.add(to, folder.manifest_path(path).name, made.text())
    except OperationError:
        # Two runs at once: the other was first, and its manifest differs in the time alone.
        other = folder.open_backup(path)
        if replace(other.manifest, taken=made.taken) != made:
            raise
        return other, False
    return Backup(path, made), True


def command(stack: Stack, verb: str, path: Path) -> str:
    """How the operator runs one of the commands of this package on a backup."""
    return stack.command(f"state {verb}", "--from", shlex.quote(str(path)))


def counted(manifest: Manifest) -> str:
    """What a backup holds, in words."""
    pending = f", {manifest.pending_operations} pending operations" if manifest.pending_operations else ""
    kind = {"cloud": "key service", "service": "Pulumi Cloud"}.get(manifest.secrets_provider, manifest.secrets_provider)
    return f"{manifest.resources} resources, {manifest.secrets} secrets encrypted ({kind}){pending}"


def behind(export: Export, last: Backup) -> str | None:
    """In what way a state is behind the backup that was taken last, as the rest of a sentence; None where it is not."""
    then = last.manifest
    if nanoseconds(export.time) < nanoseconds(then.state_time):
        return (
            f"is older than the last backup: it was written {export.time} with {len(export.resources)} resources, the "
            f"backup {then.state_time} with {then.resources}"
        )
    if export.sha256 == then.sha256:
        return None
    before = last.load().identities()
    if before and not before & export.identities():
        return f"holds none of the {len(before)} cloud resources of the last backup: it was emptied, or made anew ({export.time})"
    return None


def _report(stack: Stack, kept: Backup, new: bool) -> list[str]:
    lines = [
        f"backup of {stack.project}/{stack.stack}, state of {kept.manifest.state_time}: {counted(kept.manifest)}",
        f"{'written' if new else 'there already, unchanged'}: {kept.path}",
        f"{'written' if new else 'there already, unchanged'}: {folder.manifest_path(kept.path)}",
        "checked: imported into a scratch backend, decrypted, and exported again the same",
        f"check it again: {command(stack, 'verify', kept.path)}",
        f"put it back:    {command(stack, 'restore', kept.path)}",
    ]
    if kept.manifest.pending_operations:
        lines.append(
            f"note: an update was cut off; an import drops its {kept.manifest.pending_operations} pending operations. "
            f"`{stack.command('recover')}` settles them in the present state"
        )
    if kept.manifest.secrets_provider == "passphrase":
        lines.append("keep a copy of the passphrase file apart from it: neither is of use without the other")
    return lines
