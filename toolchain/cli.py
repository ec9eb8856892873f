"""The Pulumi CLI: the vendor's where it is on PATH and new enough, else one built from its Go module.

The build is atomic (a temporary name, then a rename) and repeated only when something that goes into it changed. An
interrupted build costs little: Go keeps every package it has compiled.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from toolchain import process, stamps, versions
from toolchain.console import Console
from toolchain.errors import SetupError
from toolchain.layout import Layout

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_SYMBOL = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
TAGS = "osusergo,grpcnotrace"  # as in the vendor's releases

GIB = 1024**3
# Measured on Linux amd64 with empty caches, rounded up.
MODULES_NEED = 2 * GIB
BUILD_NEED = 2 * GIB

VENDOR_REMEDY = "or install the vendor's CLI (https://www.pulumi.com/docs/install) and put it on PATH"
NETWORK_REMEDY = (
    "check that this machine reaches a Go module proxy (`go env GOPROXY`), then run `make setup` again: what was "
    f"downloaded is kept; {VENDOR_REMEDY}"
)
DISK_REMEDY = (
    "free space, or point GOMODCACHE, GOCACHE and TMPDIR at a disk that has it, then run `make setup` again: what "
    "was compiled is kept"
)


@dataclass(frozen=True)
class Cli:
    """A Pulumi CLI that can be started."""

    path: Path
    version: str  # with its `v`
    vendor: bool  # found on PATH, not built here


def ensure_cli(layout: Layout, console: Console) -> Cli:
    """The CLI to use. Builds it where none is on PATH."""
    wanted = versions.cli_version(layout.go_module)
    found = vendor_cli(layout)
    if found is not None:
        if _at_least(found.version, wanted):
            return found
        console.progress(f"{found.path} is {found.version}, older than {wanted}: building our own")
    executable = layout.bin / "pulumi"
    stamp = layout.made / "pulumi.stamp"
    flags = ["-tags", TAGS, "-trimpath", "-buildvcs=false", "-ldflags", f"-s -w -X {VERSION_SYMBOL}={wanted}"]
    inputs = stamps.digest(
        layout.go_module / "go.mod", layout.go_module / "go.sum", layout.go_module / "tools.go", *flags
    )
    if not stamps.fresh(stamp, inputs, [executable]):
        _build(layout, console, executable, flags)
        stamps.write(stamp, inputs)
    return Cli(executable, wanted, vendor=False)


def vendor_cli(layout: Layout) -> Cli | None:
    """The first `pulumi` on PATH that is not ours; a broken one counts as version 0 and is named as too old."""
    folders = [folder for folder in os.get_exec_path() if not Path(folder).resolve().is_relative_to(layout.made)]
    found = shutil.which("pulumi", path=os.pathsep.join(folders))
    if found is None:
        return None
    try:
        version = process.capture([found, "version"], env={"PULUMI_SKIP_UPDATE_CHECK": "true"}).strip()
    except (process.Failure, OSError):
        version = "of unknown version"
    return Cli(Path(found), version, vendor=True)


def require_go(layout: Layout) -> str:
    """The version of Go that builds our module. Go itself may fetch a newer toolchain for it, where it is allowed to."""
    needed = versions.go_version(layout.go_module)
    remedy = f"install Go {versions.show(needed)} or newer (https://go.dev/dl), {VENDOR_REMEDY}"
    if shutil.which("go") is None:
        raise SetupError("there is neither a recent `pulumi` nor `go` on PATH", remedy)
    try:
        text = process.capture(["go", "env", "GOVERSION"], cwd=layout.go_module).strip()
    except process.Failure as failure:
        raise SetupError(f"the Go on PATH cannot build our module: {failure}", remedy) from None
    version = versions.parse(text)
    if version is None or version < needed:
        raise SetupError(f"the Go on PATH is {text or 'of unknown version'}", remedy)
    return text


def _build(layout: Layout, console: Console, executable: Path, flags: list[str]) -> None:
    go = require_go(layout)
    layout.bin.mkdir(parents=True, exist_ok=True)
    for leftover in layout.bin.glob(".pulumi.*"):
        leftover.unlink()
    require_space(layout)
    wanted = versions.cli_version(layout.go_module)
    console.progress(f"building pulumi {wanted} with {go} (about 4 minutes on 2 cores the first time)")
    temporary = layout.bin / f".pulumi.{os.getpid()}"
    try:
        # Resolving comes first, so that a missing network is not reported as a failing build.
        process.follow(
            ["go", "list", "-deps", "-tags", TAGS, "-f", "{{with .Module}}{{.Path}}{{end}}", PACKAGE],
            console.progress,
            "downloading modules",
            cwd=layout.go_module,
        )
    except process.Failure as failure:
        raise SetupError(
            f"the CLI's Go modules are not complete: {failure}", _remedy(failure, NETWORK_REMEDY)
        ) from None
    try:
        process.follow(
            ["go", "build", *flags, "-o", str(temporary), PACKAGE], console.progress, "compiling", cwd=layout.go_module
        )
        temporary.replace(executable)
    except process.Failure as failure:
        remedy = _remedy(failure, f"read the compiler's message above; {VENDOR_REMEDY}")
        raise SetupError(f"the CLI did not build: {failure}", remedy) from None
    finally:
        temporary.unlink(missing_ok=True)


def require_space(layout: Layout) -> None:
    """Refuse before minutes of work end in a full disk. Folders on one disk add up."""
    go = json.loads(process.capture(["go", "env", "-json", "GOMODCACHE", "GOCACHE"], cwd=layout.go_module))
    modules = Path(go["GOMODCACHE"])
    cached = modules / "cache/download/github.com/pulumi/pulumi/pkg/v3/@v"
    needs = {Path(go["GOCACHE"]): BUILD_NEED}
    if not (cached / f"{versions.cli_version(layout.go_module)}.zip").exists():
        needs[modules] = MODULES_NEED
    disks: dict[int, tuple[Path, int]] = {}
    for folder, need in needs.items():
        present = next(parent for parent in (folder, *folder.parents) if parent.exists())
        _, so_far = disks.get(present.stat().st_dev, (present, 0))
        disks[present.stat().st_dev] = (present, so_far + need)
    for folder, need in disks.values():
        free = shutil.disk_usage(folder).free
        if free < need:
            raise SetupError(
                f"building the CLI needs {need / GIB:.0f} GiB at {folder}, and {free / GIB:.1f} GiB are free",
                DISK_REMEDY,
            )


def _remedy(failure: process.Failure, otherwise: str) -> str:
    return DISK_REMEDY if "no space left on device" in failure.output else otherwise


def _at_least(version: str, wanted: str) -> bool:
    left, right = versions.parse(version), versions.parse(wanted)
    return left is not None and right is not None and left >= right
