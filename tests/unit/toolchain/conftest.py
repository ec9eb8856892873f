"""A small checkout and a PATH that holds nothing but what a test puts there."""

import shutil
from pathlib import Path

import pytest

from toolchain.console import Console
from toolchain.layout import REPOSITORY, Layout


class Commands:
    """Fake commands on PATH. Each writes its arguments to a log first, so that a test sees what was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"

    def add(self, name: str, script: str, folder: Path | None = None) -> Path:
        path = (folder or self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{script}\n')
        path.chmod(0o755)
        return path

    def started(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


class Spoken(Console):
    """A console that keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def tool(self, name: str, text: str) -> None:
        self.said.append(f"{name}: {text}")

    def progress(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi-home"))
    return Commands(folder)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "checkout")
    made.go_module.mkdir(parents=True)
    for name in ("go.mod", "tools.go"):
        shutil.copy(REPOSITORY.go_module / name, made.go_module)
    (made.go_module / "go.sum").write_text("sums\n")
    shutil.copytree(REPOSITORY.language_host, made.language_host)
    shutil.copy(REPOSITORY.uv_requirements, made.uv_requirements)
    (made.root / "uv.lock").write_text("lock\n")
    (made.root / "pyproject.toml").write_text("project\n")
    return made


@pytest.fixture
def console() -> Spoken:
    return Spoken()
