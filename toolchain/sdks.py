"""Virtual environments with other versions of the Pulumi SDKs than the repository's own: to try an upgrade in.

`older-sdks.txt` holds the versions that an upgrade is tried from: all packages of the program, with hashes, the SDKs
some releases back. `python -m toolchain.sdks pulumi==3.259.0 pulumi-aws==7.40.0` writes it anew; SDKs that are not named
keep the repository's version. Every other package is as in uv.lock where the SDKs allow it, so that what differs is the
SDKs alone.

Environments lie in .toolchain/sdks, are made once and kept until their requirements change.
"""

import re
import shutil
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from toolchain import packages, process, stamps
from toolchain.__main__ import alone
from toolchain.console import Console
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY, Layout

Versions = dict[str, str]
"""Versions of the SDKs by package."""

OLDER: Final = "older-sdks.txt"
SDK: Final = re.compile(r"pulumi(-[a-z0-9-]+)?")
_PIN: Final = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_ENVIRONMENT: Final = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": ""}
HEAD: Final = "# The SDKs that upgrades are tried from. Made by `python -m toolchain.sdks`; nothing that does not match is installed.\n"


def older(layout: Layout) -> Path:
    """The requirements that upgrades are tried from."""
    return layout.root / "toolchain" / OLDER


def pinned(layout: Layout) -> Versions:
    """The SDKs of the repository's own environment, as pyproject.toml pins them."""
    return versions_in("\n".join(_dependencies(layout)))


def versions_in(requirements: str) -> Versions:
    """The SDKs that requirements, or a list of them, pin."""
    return {name: version for name, version in _PIN.findall(requirements) if SDK.fullmatch(name)}


def locked(layout: Layout, console: Console, wanted: Iterable[str]) -> str:
    """Requirements with hashes: the program's packages, some of its SDKs in other versions.

    Args:
        layout: The checkout.
        console: Where progress goes.
        wanted: What is asked of SDKs: `pulumi-aws==7.40.0`, or `pulumi-aws` for the newest that the package index has.

    Raises:
        SetupError: When something is wanted that is no SDK of the program, or the package index has no such versions.
    """
    asked = {_name(one): one for one in wanted}
    unknown = asked.keys() - pinned(layout).keys()
    if unknown:
        raise SetupError(
            f"no SDK of the program: {', '.join(sorted(unknown))}", f"name some of {', '.join(pinned(layout))}"
        )
    uv = packages.ensure_uv(layout, console)
    folder = layout.made / "sdks"
    folder.mkdir(parents=True, exist_ok=True)
    source, result = folder / "wanted.in", folder / "wanted.txt"
    # What the result holds already is preferred by uv: all but the SDKs stay as they are in uv.lock.
    export = [*_uv(uv, layout, "export"), "--locked", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet"]
    compiling = [*_uv(uv, layout, "pip", "compile"), "--universal", "--generate-hashes", "--no-annotate", "--no-header"]
    compiling += ["--no-emit-index-url", "--python-version", "3.11", "--quiet"]
    compiling += [part for name in asked for part in ("--upgrade-package", name)]
    with alone(layout, console):
        source.write_text("\n".join(asked.get(_name(one), one) for one in _dependencies(layout)) + "\n")
        try:
            for command, what in ((export, "reading uv.lock"), ([*compiling, str(source)], "resolving")):
                process.follow([*command, "--output-file", str(result)], console.progress, what, env=_ENVIRONMENT)
        except process.Failure as failure:
            raise SetupError(f"no set of packages was found: {failure}", packages.NETWORK_REMEDY) from None
        return result.read_text()


def environment(layout: Layout, console: Console, name: str, requirements: str) -> Path:
    """A virtual environment with exactly these packages, made where it is not there or no longer matches.

    Args:
        layout: The checkout.
        console: Where progress goes.
        name: The folder below .toolchain/sdks, for example `older`.
        requirements: The packages, each pinned and with hashes.

    Returns:
        Its folder, absolute.

    Raises:
        SetupError: When it cannot be made.
    """
    folder = layout.made / "sdks" / name
    stamp, listed = folder / ".redoubt-synced", folder / "requirements.txt"
    wanted = stamps.digest(requirements, sys.version)
    with alone(layout, console):
        if stamps.fresh(stamp, wanted, [folder / "bin" / "python"]):
            return folder
        uv = packages.ensure_uv(layout, console)
        console.progress(f"installing other versions of the SDKs into {layout.shown(folder)}")
        shutil.rmtree(folder, ignore_errors=True)
        making = [*_uv(uv, layout, "venv"), "--quiet", "--no-project", "--python", packages.base_python(), str(folder)]
        install = [*_uv(uv, layout, "pip", "sync"), "--python", str(folder / "bin" / "python"), "--require-hashes"]
        install += ["--compile-bytecode", "--no-progress", str(listed)]
        try:
            process.follow(making, console.progress, "making the environment", env=_ENVIRONMENT)
            listed.write_text(requirements)
            process.follow(install, console.progress, "installing", env=_ENVIRONMENT)
        except process.Failure as failure:
            remedy = packages.install_remedy(failure)
            raise SetupError(f"the SDKs could not be installed: {failure}", remedy) from None
        stamps.write(stamp, wanted)
    return folder


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The SDKs whose versions differ, with both versions; one that is missing on a side has the version `none`."""
    both = {name: (before.get(name, "none"), after.get(name, "none")) for name in sorted({*before, *after})}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _dependencies(layout: Layout) -> list[str]:
    return list(tomllib.loads((layout.root / "pyproject.toml").read_text())["project"]["dependencies"])


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return requirement if found is None else found[0]


def _uv(uv: packages.Uv, layout: Layout, *command: str) -> list[str]:
    """Run in the checkout: uv takes index settings from the environment and from the folder it runs in."""
    return [str(uv.path), *command, "--directory", str(layout.root)]


def main(arguments: list[str]) -> int:
    """`python -m toolchain.sdks pulumi==3.259.0 ...`: writes the requirements that upgrades are tried from."""
    console = Console()
    try:
        requirements = locked(REPOSITORY, console, arguments)
    except SetupError as error:
        console.error(str(error))
        return 1
    older(REPOSITORY).write_text(HEAD + requirements)
    for name, (before, now) in differing(versions_in(requirements), pinned(REPOSITORY)).items():
        console.line(f"{name}: an upgrade is tried from {before} to {now}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
