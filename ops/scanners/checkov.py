"""Checkov, in an environment of its own under build/, and what it says of a plan.

It runs offline: it is told to download nothing, and whatever it would try all the same meets a proxy that is not there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, cast

from ops.errors import OperationError
from toolchain import packages, process, stamps
from toolchain.console import Console
from toolchain.layout import REPOSITORY, Layout

REQUIREMENTS: Final = REPOSITORY.root / "toolchain" / "scanners-requirements.txt"
AT_ONCE: Final = 2
"""A run is some seconds of one core."""
LONGEST: Final = 300.0
_PIN: Final = re.compile(r"(?m)^checkov==([^\s;\\]+)")
_UV: Final = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": ""}
_NOBODY: Final = "http://127.0.0.1:9"
_OFFLINE: Final = {
    "HTTP_PROXY": _NOBODY,
    "HTTPS_PROXY": _NOBODY,
    "http_proxy": _NOBODY,
    "https_proxy": _NOBODY,
    "NO_PROXY": "",
    "no_proxy": "",
    "SKIP_PACKAGE_UPDATE_CHECK": "true",
}
_OPTIONS: Final = ("--framework", "terraform_plan", "-o", "json", "--compact", "--quiet", "--skip-download")


def version() -> str:
    """The version that is pinned."""
    found = _PIN.search(REQUIREMENTS.read_text())
    if found is None:
        raise OperationError(f"{REQUIREMENTS} pins no checkov\n  remedy: take the file from git again")
    return found[1]


def installed(console: Console, layout: Layout = REPOSITORY) -> Path:
    """The program, installed where it is not there or its requirements have changed.

    Raises:
        OperationError: When it cannot be installed.
        SetupError: When there is no uv to install it with.
    """
    folder = layout.root / "build" / "scanners" / "checkov"
    program, stamp = folder / "bin" / "checkov", folder / ".redoubt-synced"
    wanted = stamps.digest(REQUIREMENTS, sys.version)
    if stamps.fresh(stamp, wanted, [program]):
        return program
    uv = [str(packages.ensure_uv(layout, console).path), "--directory", str(layout.root)]
    console.progress(f"installing checkov {version()} into {layout.shown(folder)}")
    shutil.rmtree(folder, ignore_errors=True)
    making = [*uv, "venv", "--quiet", "--no-project", "--python", packages.base_python(), str(folder)]
    install = [*uv, "pip", "sync", "--python", str(folder / "bin" / "python"), "--require-hashes", "--compile-bytecode"]
    install += ["--no-progress", str(REQUIREMENTS)]
    try:
        process.follow(making, console.progress, "making the environment", env=_UV)
        process.follow(install, console.progress, "installing", env=_UV)
    except process.Failure as failure:
        remedy = packages.install_remedy(failure)
        raise OperationError(f"checkov could not be installed: {failure}\n  remedy: {remedy}") from None
    stamps.write(stamp, wanted)
    return program


def failed(program: Path, plans: Mapping[str, Path]) -> dict[str, frozenset[str]]:
    """The ids of the checks that each plan fails, by the plan's key.

    One run for each plan: in one run over several, checks that follow links would see resources of another plan.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(plans, pool.map(lambda path: _failed(program, path), plans.values()), strict=True))


def _failed(program: Path, plan: Path) -> frozenset[str]:
    command = [str(program), "-f", str(plan), *_OPTIONS]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BC_", "CKV_", "PRISMA_"))}
    done = subprocess.run(
        command,
        # A .checkov.yaml is looked for where it starts: none of ours or the operator's may change the comparison.
        cwd=plan.parent,
        env={**environment, "HOME": str(plan.parent), **_OFFLINE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode not in (0, 1):  # 1: a check failed
        raise OperationError(_trouble(plan, f"status {done.returncode}", done.stderr))
    try:
        return read(done.stdout)
    except ValueError as error:
        raise OperationError(_trouble(plan, str(error), done.stderr)) from None


def read(output: str) -> frozenset[str]:
    """The ids of failed checks in Checkov's JSON.

    Raises:
        ValueError: When it is something else, or when Checkov could not read the plan, which it only counts.
    """
    report: Any = json.loads(output)
    if not isinstance(report, dict) or "results" not in report:
        raise ValueError("no report on one framework: it found no resources in the plan")
    content = cast("dict[str, Any]", report)
    if content["summary"]["parsing_errors"] or not content["summary"]["resource_count"]:
        raise ValueError("it could not read the plan")
    return frozenset(check["check_id"] for check in content["results"]["failed_checks"])


def _trouble(plan: Path, problem: str, errors: str) -> str:
    tail = "\n".join(f"    {line}" for line in errors.strip().splitlines()[-10:])
    return f"checkov on {plan.name}: {problem}\n{tail}\n  remedy: run it by hand on {plan}"
