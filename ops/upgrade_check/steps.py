"""The steps of the check: a rehearsal made with some versions of the SDKs, previewed with others.

The simulated providers and the engine stay the same in both halves: what differs is what the SDKs send. What a new
release of a real provider does with it is not seen here (docs/upgrading.md says what to look at).
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.rehearsal import Rehearsal, stackfile
from ops.rehearsal.workspace import Edit, committed_stack_file
from ops.upgrade_check.preview import Change, Preview, read
from toolchain import sdks
from toolchain.console import Console
from toolchain.layout import REPOSITORY

BUILD: Final = REPOSITORY.root / "build"
_STREAM: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}


@dataclass(frozen=True, kw_only=True)
class Sdks:
    """An environment to run the program in.

    Attributes:
        name: `older`, `pinned` or `newest`.
        folder: The virtual environment.
        versions: The SDKs in it.
    """

    name: str
    folder: Path
    versions: sdks.Versions


@dataclass(frozen=True, kw_only=True)
class Step:
    """What an upgrade from one set of SDKs to another would do to a fleet.

    Attributes:
        before: What the fleet was made with.
        after: What the update was previewed with.
        preview: What it would do.
        up_seconds: How long making the fleet took.
        preview_seconds: How long the preview took.
    """

    before: Sdks
    after: Sdks
    preview: Preview
    up_seconds: float
    preview_seconds: float

    @property
    def keeps(self) -> bool:
        """Whether nothing is replaced, deleted or refused."""
        return not self.preview.losses and not self.preview.errors

    def plain(self) -> dict[str, Any]:
        """The step as JSON shows it."""
        return {
            "from": {"name": self.before.name, "sdks": self.before.versions},
            "to": {"name": self.after.name, "sdks": self.after.versions},
            "counts": self.preview.counts,
            "changes": [_plain(change) for change in self.preview.changes],
            "errors": list(self.preview.errors),
            "up_seconds": round(self.up_seconds, 1),
            "preview_seconds": round(self.preview_seconds, 1),
            "keeps": self.keeps,
        }


def _plain(change: Change) -> dict[str, Any]:
    return asdict(change) | {"type": change.type, "name": change.name}


def pinned() -> Sdks:
    """The repository's own environment."""
    return Sdks(name="pinned", folder=REPOSITORY.venv, versions=sdks.pinned(REPOSITORY))


def older(console: Console) -> Sdks:
    """The environment that upgrades are tried from; made where it is not there yet.

    Raises:
        SetupError: When it cannot be made.
    """
    return _made("older", sdks.older(REPOSITORY).read_text(), console)


def newest(console: Console, wanted: list[str]) -> Sdks | None:
    """The environment with the newest SDKs of the package index; None where they are the pinned ones.

    Args:
        console: Where progress goes.
        wanted: Versions to try in place of the newest, for example `pulumi-aws==7.60.0`.

    Raises:
        SetupError: When the index does not answer, or the environment cannot be made.
    """
    requirements = sdks.locked(REPOSITORY, console, wanted or pinned().versions)
    if not sdks.differing(pinned().versions, sdks.versions_in(requirements)):
        return None
    return _made("newest", requirements, console)


def _made(name: str, requirements: str, console: Console) -> Sdks:
    folder = sdks.environment(REPOSITORY, console, name, requirements)
    return Sdks(name=name, folder=folder, versions=sdks.versions_in(requirements))


def take(stack: str, before: Sdks, after: Sdks, directory: Path, edit: Edit | None = None) -> Step:
    """Makes a fleet with `before` and previews it with `after`.

    Args:
        stack: A stack that has a file; its fleet is rehearsed on simulated clouds.
        before: What the fleet is made with.
        after: What the update is previewed with.
        directory: An empty folder for the rehearsal.
        edit: Changes the fleet, as with `Rehearsal`.

    Raises:
        RehearsalError: When the fleet cannot be made.
        OperationError: When the preview does not get as far as one step.
    """
    started = time.monotonic()
    _rehearsal(stack, before, directory, edit).up("--suppress-outputs", timeout=None)
    made = time.monotonic()
    # A protected resource would end the preview at the first replacement; all of them are asked for, and nothing is done.
    rehearsal = _rehearsal(stack, after, directory, edit)
    done = rehearsal.preview("--json", "--ignore-protect", check=False, timeout=None, env=_STREAM)
    finished = time.monotonic()
    try:
        found = read(done.stdout)
    except OperationError as error:
        raise OperationError(f"{done.stderr.strip()}\n{error}" if done.stderr.strip() else str(error)) from None
    if done.returncode != 0 and not found.errors:
        found = Preview(
            counts=found.counts, changes=found.changes, errors=(done.stderr.strip() or "the preview failed",)
        )
    return Step(before=before, after=after, preview=found, up_seconds=made - started, preview_seconds=finished - made)


def _rehearsal(stack: str, chosen: Sdks, directory: Path, edit: Edit | None) -> Rehearsal:
    """The repository's program in another virtual environment: the same, but for one line of Pulumi.yaml."""
    committed = directory / f"with-{chosen.name}"
    committed.mkdir(parents=True, exist_ok=True)
    source = committed_stack_file(REPOSITORY.root, stack)
    shutil.copy(source, committed / source.name)
    project = stackfile.load(REPOSITORY.root / "Pulumi.yaml")
    project["main"] = os.path.relpath(REPOSITORY.root / project.get("main", "."), committed)
    project["runtime"]["options"]["virtualenv"] = os.path.relpath(chosen.folder, committed)
    (committed / "Pulumi.yaml").write_text(stackfile.dump(project))
    return Rehearsal(directory / "rehearsal", stack, committed=committed, edit=edit)


@contextmanager
def folder(*, keep: bool) -> Iterator[Path]:
    """A folder below build/ for the rehearsals of one check; removed at the end unless it shall be kept."""
    BUILD.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="upgrade-check-", dir=BUILD))
    try:
        yield made
    finally:
        if not keep:
            shutil.rmtree(made)
