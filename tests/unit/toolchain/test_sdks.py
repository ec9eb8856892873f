"""Environments with other versions of the SDKs: what they hold, when they are made, and what is refused."""

import pytest

from toolchain import packages, sdks, versions
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY

PROJECT = '[project]\ndependencies = ["pulumi==3.272.0", "pulumi-aws==7.51.1", "pyyaml>=6,<7"]\n'
REQUIREMENTS = "pulumi==3.259.0 \\\n    --hash=sha256:00\npyyaml==6.0.3 \\\n    --hash=sha256:00\n"
UV = r"""
case "$1 $2" in
"venv "*) for last; do :; done; /bin/mkdir -p "$last/bin"; : > "$last/bin/python" ;;
"pip compile") for last; do :; done; printf 'pulumi==3.259.0 \\\n' > "$last" ;;
esac
"""


@pytest.fixture(autouse=True)
def uv(layout, commands, monkeypatch):
    (layout.root / "pyproject.toml").write_text(PROJECT)
    path = commands.add("uv", UV)
    monkeypatch.setattr(packages, "ensure_uv", lambda *_: packages.Uv(path, versions.UV_MINIMUM))


def test_sdks_are_told_from_other_packages():
    assert sdks.versions_in(REQUIREMENTS) == {"pulumi": "3.259.0"}


def test_the_pinned_sdks_are_those_of_the_project(layout):
    assert sdks.pinned(layout) == {"pulumi": "3.272.0", "pulumi-aws": "7.51.1"}


def test_an_environment_is_made_once_and_again_when_its_requirements_change(layout, console, commands):
    def made():
        sdks.environment(layout, console, "older", requirements)
        return sum(line.startswith("uv venv") for line in commands.started())

    requirements = REQUIREMENTS
    assert [made(), made()] == [1, 1]
    requirements += "rich==15.0.0\n"
    assert made() == 2


def test_nothing_is_installed_without_its_hash(layout, console, commands):
    folder = sdks.environment(layout, console, "older", REQUIREMENTS)
    (install,) = [line for line in commands.started() if line.startswith("uv pip sync")]
    assert "--require-hashes" in install
    assert (folder / "requirements.txt").read_text() == REQUIREMENTS


def test_an_interrupted_installation_begins_afresh(layout, console, commands):
    commands.add("uv", UV + '[ "$1 $2" != "pip sync" ] || exit 1')
    with pytest.raises(SetupError, match="could not be installed"):
        sdks.environment(layout, console, "older", REQUIREMENTS)
    (layout.made / "sdks" / "older" / "half").touch()
    commands.add("uv", UV)
    folder = sdks.environment(layout, console, "older", REQUIREMENTS)
    assert not (folder / "half").exists()


def test_versions_are_asked_for_and_all_else_is_as_in_the_lock(layout, console, commands):
    assert sdks.versions_in(sdks.locked(layout, console, ["pulumi==3.259.0"])) == {"pulumi": "3.259.0"}
    asked = (layout.made / "sdks" / "wanted.in").read_text().split()
    assert asked == ["pulumi==3.259.0", "pulumi-aws==7.51.1", "pyyaml>=6,<7"]
    export, resolve = [line for line in commands.started() if not line.startswith("uv venv")]
    assert "--locked" in export
    assert "--upgrade-package pulumi " in resolve
    assert "--generate-hashes" in resolve


def test_the_newest_are_asked_for_by_name_alone(layout, console):
    sdks.locked(layout, console, sdks.pinned(layout))
    assert (layout.made / "sdks" / "wanted.in").read_text().split() == ["pulumi", "pulumi-aws", "pyyaml>=6,<7"]


def test_what_is_no_sdk_of_the_program_is_refused(layout, console):
    with pytest.raises(
        SetupError, match="no SDK of the program: pulumi-azure\n  remedy: name some of pulumi, pulumi-aws"
    ):
        sdks.locked(layout, console, ["pulumi-azure==1.0.0"])


def test_an_index_that_does_not_answer_is_named_with_the_remedy(layout, console, commands):
    commands.add("uv", "echo 'no such version' >&2; exit 1")
    with pytest.raises(SetupError, match="no such version") as refused:
        sdks.locked(layout, console, ["pulumi==3.259.0"])
    assert "package index" in str(refused.value)


def test_what_differs_is_named_with_both_versions():
    assert sdks.differing({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "1"}) == {"b": ("1", "2"), "c": ("none", "1")}


def test_the_committed_file_holds_older_sdks_with_hashes_and_no_index():
    text = sdks.older(REPOSITORY).read_text()
    before, now = sdks.versions_in(text), sdks.pinned(REPOSITORY)
    assert before.keys() == now.keys()
    for name in ("pulumi", "pulumi-aws", "pulumi-digitalocean", "pulumi-gcp"):
        older, newer = versions.parse(before[name]), versions.parse(now[name])
        assert older is not None
        assert newer is not None
        assert older < newer, f"{name}: python -m toolchain.sdks with the versions that were pinned before"
    assert "://" not in text
    assert all("--hash=sha256:" in block for block in text.split("==")[1:])
