"""A folder of backups: nothing in it is ever overwritten or removed, and a reader sees a file whole or not at all."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ops.errors import OperationError
from ops.state.export import Export, Finding, nanoseconds, read
from ops.state.manifest import BACKUP, Manifest, parse

SUFFIX = ".json"
MANIFEST = ".manifest.json"


@dataclass(frozen=True)
class Backup:
    """One backup: its export's path and its manifest."""

    path: Path
    manifest: Manifest

    def load(self) -> Export:
        """The export, compared with its manifest.

        Raises:
            Finding: When it is missing, cut off or changed.
        """
        try:
            text = self.path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise Finding(
                f"{self.path} cannot be read: {reason}\n  remedy: use another backup; to go on without this one, move its "
                "manifest to another folder"
            ) from None
        self.manifest.refuse_changed(text, str(self.path))  # first: what was cut off is no JSON either
        export = read(text, str(self.path))
        self.manifest.refuse_other(export, str(self.path))
        return export


def name_of(project: str, stack: str, export: Export, taken_for: str = BACKUP) -> str:
    """`<project>.<stack>.<time of the state>.<first 8 digits of its SHA-256>.json`; the names of a stack sort by time.

    What is kept before a restore has `.before-restore` in it: it is no backup that was checked.
    """
    seconds, rest = divmod(nanoseconds(export.time), 10**9)
    time = f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%S}.{rest:09d}Z"
    kept = "" if taken_for == BACKUP else f".before-{taken_for}"
    return f"{project}.{stack}.{time}.{export.sha256[:8]}{kept}{SUFFIX}"


def manifest_path(export: Path) -> Path:
    """Where the manifest of an export stands."""
    return export.with_name(export.name.removesuffix(SUFFIX) + MANIFEST)


def open_backup(path: Path) -> Backup:
    """The backup that a path names, by its export or by its manifest.

    Raises:
        OperationError: When there is no such file.
        Finding: When its manifest is missing or damaged.
    """
    if path.name.endswith(MANIFEST):
        path = path.with_name(path.name.removesuffix(MANIFEST) + SUFFIX)
    if not path.is_file() and not manifest_path(path).is_file():
        raise OperationError(f"there is no backup {path}\n  remedy: name an export that `ops.state backup` wrote")
    return _backup(manifest_path(path), path)


def backups(folder: Path, project: str, stack: str) -> list[Backup]:
    """The backups of one stack in a folder, in the order in which they were taken. None where there is no folder.

    An export without a manifest is of a run that was cut off before its check: it is none.

    Raises:
        Finding: When a manifest is damaged. It may be the newest one, so it is not passed over.
    """
    pattern = re.compile(rf"{re.escape(f'{project}.{stack}.')}\d{{8}}T\d{{6}}\.\d{{9}}Z\.[0-9a-f]{{8}}(\.before-\w+)?")
    try:
        names = sorted(path for path in folder.iterdir() if path.name.endswith(MANIFEST))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OperationError(f"{folder} cannot be read: {error.strerror}\n  remedy: name a folder of backups") from None
    own = [path for path in names if pattern.fullmatch(path.name.removesuffix(MANIFEST))]
    found = [_backup(path) for path in own]
    return sorted(found, key=lambda one: nanoseconds(one.manifest.taken))


def last_taken(found: list[Backup]) -> Backup | None:
    """The one that was taken last; what was kept before a restore does not count, it may be what was wrong."""
    own = [one for one in found if one.manifest.taken_for == BACKUP]
    return own[-1] if own else None


def newest_state(found: list[Backup]) -> Backup | None:
    """The one whose state is the newest."""
    return max(found, key=lambda one: nanoseconds(one.manifest.state_time), default=None)


def add(folder: Path, name: str, text: str) -> Path:
    """Writes a new file of mode 0600. One of the same name and content is left as it is.

    Raises:
        OperationError: When it cannot be written, or another content stands there.
    """
    path = folder / name
    with _explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            try:
                path.hardlink_to(temporary)  # unlike a rename, it never takes the place of another file
            except FileExistsError:
                if path.read_bytes() != text.encode():
                    raise OperationError(
                        f"{path} exists with another content\n  remedy: move it away and find out who wrote it"
                    ) from None
        finally:
            Path(temporary).unlink(missing_ok=True)
        _sync(folder)
    return path


def _backup(manifest: Path, export: Path | None = None) -> Backup:
    try:
        text = manifest.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Finding(
            f"the manifest {manifest} cannot be read: {reason}\n  remedy: put it back beside its export; an export without "
            "one was never checked, or somebody removed it: use another backup"
        ) from None
    parsed = parse(text, str(manifest))
    path = manifest.with_name(parsed.export)
    if export is not None and path.name != export.name:
        raise Finding(
            f"the manifest {manifest} is of {parsed.export}\n  remedy: put both files back under the names they had"
        )
    return Backup(path, parsed)


def _sync(folder: Path) -> None:
    """Makes the folder's entries last: a backup that a power cut takes is none."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperationError(
            f"nothing was written to {folder}: {error.strerror or error}\n"
            "  remedy: name a folder that can be written to, on a file system with hard links and room"
        ) from None
