"""The Python environment: uv, found or bootstrapped, and the locked packages in .venv with compiled bytecode.

Bytecode is compiled here because the first run would otherwise pay for it: the clouds' SDKs are 6,000 files, and
importing them takes 7.5 s uncompiled against 1.9 s compiled.
"""

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from toolchain import process, stamps, versions
from toolchain.console import Console
from toolchain.errors import SetupError
from toolchain.layout import Layout

NETWORK_REMEDY = (
    "check that this machine reaches your Python package index (a mirror is set with UV_DEFAULT_INDEX for uv and "
    "PIP_INDEX_URL for pip), then run `make setup` again: what was downloaded is kept"
)
VENV_REMEDY = (
    "install the package that holds Python's venv module (Debian, Ubuntu: `apt-get install python3-venv`), or install "
    f"uv {versions.show(versions.UV_MINIMUM)} or newer on PATH, then run `make setup` again"
)


@dataclass(frozen=True)
class Uv:
    """An installer that understands uv.lock."""

    path: Path
    version: versions.Version


def ensure_uv(layout: Layout, console: Console) -> Uv:
    """The uv on PATH where it is recent enough, else the pinned one inside the repository."""
    found = shutil.which("uv")
    if found is not None:
        version = _version_of(Path(found))
        if version is not None and version >= versions.UV_MINIMUM:
            return Uv(Path(found), version)
        known = "one of unknown version" if version is None else versions.show(version)
        console.progress(f"uv on PATH is {known}, older than {versions.show(versions.UV_MINIMUM)}: using our own")
    return _bootstrap(layout, console)


def _bootstrap(layout: Layout, console: Console) -> Uv:
    executable = layout.uv / "bin" / "uv"
    stamp = layout.uv / "stamp"
    wanted = stamps.digest(layout.uv_requirements, sys.version)
    if not stamps.fresh(stamp, wanted, [executable]):
        _require_venv()
        console.progress(f"installing uv into {layout.shown(layout.uv)}")
        shutil.rmtree(layout.uv, ignore_errors=True)
        try:
            process.follow([base_python(), "-m", "venv", str(layout.uv)], console.progress, "making its environment")
        except process.Failure as failure:
            raise SetupError(f"python3 -m venv failed: {failure}", VENV_REMEDY) from None
        pip = [str(layout.uv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        try:
            process.follow(
                [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(layout.uv_requirements)],
                console.progress,
                "installing uv",
            )
        except process.Failure as failure:
            raise SetupError(f"uv could not be installed: {failure}", NETWORK_REMEDY) from None
        stamps.write(stamp, wanted)
    version = _version_of(executable)
    if version is None:
        raise SetupError(f"{executable} does not run", f"remove {layout.uv} and run `make setup` again")
    return Uv(executable, version)


def sync(layout: Layout, console: Console, uv: Uv) -> bool:
    """Bring .venv to what uv.lock says. True where something had to be done."""
    stamp = layout.venv / ".redoubt-synced"
    wanted = stamps.digest(layout.root / "uv.lock", layout.root / "pyproject.toml", sys.version)
    environment = {
        "UV_PROJECT_ENVIRONMENT": str(layout.venv),
        "UV_PYTHON_DOWNLOADS": "never",
        "VIRTUAL_ENV": "",  # an activated environment of the caller is not the one meant here
    }
    command = [str(uv.path), "sync", "--locked", "--directory", str(layout.root), "--python", base_python()]
    if stamps.fresh(stamp, wanted, [layout.venv / "bin" / "python"]):
        try:
            process.capture([*command, "--check", "--quiet"], env=environment)
        except process.Failure:
            console.progress(f"{layout.shown(layout.venv)} no longer matches uv.lock")
        else:
            return False
    console.progress("installing the locked packages and compiling them")
    try:
        process.follow(
            [*command, "--compile-bytecode", "--no-progress"], console.progress, "installing", env=environment
        )
    except process.Failure as failure:
        raise SetupError(f"the Python packages could not be installed: {failure}", install_remedy(failure)) from None
    stamps.write(stamp, wanted)
    return True


def install_remedy(failure: process.Failure) -> str:
    """What to do where uv could not install."""
    text = failure.output.lower()
    if "lockfile" in text and "needs to be updated" in text:
        return "pyproject.toml was changed without its lock: run `uv lock` and commit uv.lock with it"
    if "no space left" in text or "os error 28" in text:
        return "free some disk space (the packages take 1.2 GB), then run `make setup` again"
    return NETWORK_REMEDY


def _require_venv() -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(f"this Python ({sys.executable}) has no {' and no '.join(missing)} module", VENV_REMEDY)


def base_python() -> str:
    """The interpreter itself: were .venv activated, it would otherwise be made from itself."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _version_of(uv: Path) -> versions.Version | None:
    try:
        return versions.parse(process.capture([str(uv), "--version"]))
    except (process.Failure, OSError):
        return None
