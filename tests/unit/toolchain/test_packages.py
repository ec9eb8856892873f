"""Which uv is used, when packages are installed, and what is said where they cannot be."""

import pytest

from toolchain import packages, process
from toolchain.errors import SetupError


@pytest.fixture
def uv(layout, commands):
    """A uv that makes the virtual environment it is asked for."""
    return commands.add(
        "uv", f'[ "$1" != sync ] || {{ /bin/mkdir -p "{layout.venv}/bin"; : > "{layout.venv}/bin/python"; }}'
    )


def syncs(commands):
    return [line for line in commands.started() if line.startswith("uv sync") and "--check" not in line]


def test_a_recent_uv_on_path_is_used(layout, console, commands):
    path = commands.add("uv", "echo 'uv 0.20.1 (abc)'")
    assert packages.ensure_uv(layout, console) == packages.Uv(path, (0, 20, 1))
    assert not layout.uv.exists()


@pytest.mark.parametrize("script", ["echo 'uv 0.4.0'", "exit 1"])
def test_an_old_or_broken_uv_on_path_is_named_and_ours_is_installed_by_hash(
    layout, console, commands, monkeypatch, script
):
    commands.add("uv", script)
    ran = []

    def install(command, *_, **__):
        ran.append(command)
        commands.add("uv", "echo 'uv 0.13.9'", layout.uv / "bin")

    monkeypatch.setattr(packages.process, "follow", install)
    assert packages.ensure_uv(layout, console) == packages.Uv(layout.uv / "bin" / "uv", (0, 13, 9))
    assert "--require-hashes" in ran[1]
    assert "uv on PATH is" in console.said[0]
    packages.ensure_uv(layout, console)
    assert len(ran) == 2, "installed once"


def test_an_interrupted_installation_of_uv_begins_afresh(layout, console, commands, monkeypatch):
    (layout.uv / "bin").mkdir(parents=True)
    (layout.uv / "bin" / "half").touch()

    def install(*_, **__):
        assert not (layout.uv / "bin" / "half").exists()
        commands.add("uv", "echo 'uv 0.13.9'", layout.uv / "bin")

    monkeypatch.setattr(packages.process, "follow", install)
    packages.ensure_uv(layout, console)


def test_a_python_without_venv_is_named_with_the_package_to_install(layout, console, commands, monkeypatch):
    real = packages.importlib.util.find_spec
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name))
    with pytest.raises(SetupError, match="has no ensurepip module") as caught:
        packages.ensure_uv(layout, console)
    assert "python3-venv" in caught.value.remedy


@pytest.mark.parametrize(
    ("step", "problem", "remedy"),
    [("venv", "venv failed", "python3-venv"), ("pip", "uv could not be", "PIP_INDEX_URL")],
)
def test_each_step_of_installing_uv_fails_with_its_own_remedy(
    layout, console, commands, monkeypatch, step, problem, remedy
):
    def fail(command, *_, **__):
        if step in command:
            raise process.Failure(command, 1, "no route to host")

    monkeypatch.setattr(packages.process, "follow", fail)
    with pytest.raises(SetupError, match=problem) as caught:
        packages.ensure_uv(layout, console)
    assert "no route to host" in caught.value.problem
    assert remedy in caught.value.remedy


def test_packages_are_installed_once_and_compiled(layout, console, commands, uv):
    chosen = packages.Uv(uv, (0, 13, 9))
    assert packages.sync(layout, console, chosen)
    assert not packages.sync(layout, console, chosen)
    (install,) = syncs(commands)
    assert "--locked" in install
    assert "--compile-bytecode" in install


def test_a_changed_lock_installs_again(layout, console, commands, uv):
    chosen = packages.Uv(uv, (0, 13, 9))
    packages.sync(layout, console, chosen)
    (layout.root / "uv.lock").write_text("another lock\n")
    assert packages.sync(layout, console, chosen)


def test_an_environment_that_someone_changed_is_brought_back(layout, console, commands, uv):
    chosen = packages.Uv(uv, (0, 13, 9))
    packages.sync(layout, console, chosen)
    commands.add("uv", 'case "$*" in *--check*) exit 1 ;; esac')
    assert packages.sync(layout, console, chosen)


def test_the_callers_virtual_environment_and_python_downloads_are_out_of_reach(layout, console, commands, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    uv = commands.add("uv", 'echo "[$VIRTUAL_ENV] [$UV_PYTHON_DOWNLOADS] [$UV_PROJECT_ENVIRONMENT]"; exit 1')
    with pytest.raises(SetupError) as caught:
        packages.sync(layout, console, packages.Uv(uv, (0, 13, 9)))
    assert f"[] [never] [{layout.venv}]" in caught.value.problem


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided", "uv lock"),
        ("failed to write: No space left on device (os error 28)", "free some disk space"),
        ("error: Failed to fetch: dns error", "UV_DEFAULT_INDEX"),
    ],
)
def test_a_failed_installation_has_the_remedy_of_its_cause(layout, console, commands, output, remedy):
    uv = commands.add("uv", f"echo '{output}' >&2; exit 2")
    with pytest.raises(SetupError) as caught:
        packages.sync(layout, console, packages.Uv(uv, (0, 13, 9)))
    assert remedy in caught.value.remedy
    assert not (layout.venv / ".redoubt-synced").exists()
