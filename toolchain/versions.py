"""The versions set-up accepts, and how versions are read. What a lock file or go.mod states is read from there."""

import re
from pathlib import Path

Version = tuple[int, int, int]

PYTHON_MINIMUM = (3, 11)  # the same as requires-python in pyproject.toml
UV_MINIMUM: Version = (0, 9, 0)  # the oldest that was tried with this uv.lock

_VERSION = re.compile(r"\bv?(\d+)\.(\d+)(?:\.(\d+))?")
_GO_LINE = re.compile(r"^go (\S+)$", re.MULTILINE)
_CLI_LINE = re.compile(r"^\s*github\.com/pulumi/pulumi/pkg/v3 (v\S+)", re.MULTILINE)


def parse(text: str) -> Version | None:
    """The first version in `text`: `v3.259.0`, `uv 0.13.9 (...)`, `go1.26.8`. None where there is none.

    A pre-release counts as its release: `v3.260.0-alpha.1` is newer than 3.259.0, and that is all we ask.
    """
    found = _VERSION.search(text.removeprefix("go"))
    return None if found is None else (int(found[1]), int(found[2]), int(found[3] or 0))


def show(version: Version) -> str:
    return ".".join(str(part) for part in version)


def cli_version(go_module: Path) -> str:
    """The CLI's version with its `v`, as go.mod pins it; it is also the oldest vendor's CLI that is accepted."""
    return _first(_CLI_LINE, go_module / "go.mod")


def go_version(go_module: Path) -> Version:
    """The oldest Go that go.mod admits."""
    text = _first(_GO_LINE, go_module / "go.mod")
    version = parse(text)
    if version is None:
        raise ValueError(f"{go_module / 'go.mod'}: `go {text}` is no version")
    return version


def _first(pattern: re.Pattern[str], path: Path) -> str:
    found = pattern.search(path.read_text())
    if found is None:
        raise ValueError(f"{path}: no line matches {pattern.pattern!r}")
    return found[1]
