"""The whole of set-up over fakes, and the script that starts it."""

import fcntl
import subprocess
import threading

import pytest

from toolchain import __main__ as setup
from toolchain import tools
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY

VENDOR = 'case "$1" in plugin) echo "[]" ;; *) echo v3.300.0 ;; esac'


@pytest.fixture
def uv(layout, commands):
    make = f'/bin/mkdir -p "{layout.venv}/bin"; : > "{layout.venv}/bin/python"'
    return commands.add("uv", f'case "$1" in --version) echo uv 0.20.0 ;; *) {make} ;; esac')


def test_with_the_vendors_tools_nothing_of_ours_is_made(layout, console, commands, uv):
    pulumi = commands.add("pulumi", VENDOR)
    host = commands.add("pulumi-language-python", "")
    setup.set_up(layout, console)
    assert tools.read(layout) == tools.Tools(pulumi, ())
    assert not layout.bin.exists()
    assert not layout.standin.exists()
    assert f"python host: the vendor's ({host})" in console.said


def test_a_host_from_the_plugin_cache_is_put_on_path_since_a_rehearsal_has_its_own_cache(
    layout, console, commands, uv, tmp_path
):
    listing = '[{"name": "python", "kind": "language", "version": "3.300.0"}]'
    commands.add("pulumi", VENDOR.replace("[]", listing.replace('"', '\\"')))
    host = commands.add("pulumi-language-python", "", tmp_path / "pulumi-home/plugins/language-python-v3.300.0")
    setup.set_up(layout, console)
    assert tools.read(layout).path == (host.parent,)


def test_a_vendors_cli_without_its_host_gets_the_stand_in_on_path(layout, console, commands, uv, tmp_path):
    executor = tmp_path / "sdk" / "python" / "cmd" / "pulumi-language-python-exec"
    executor.parent.mkdir(parents=True)
    executor.touch()
    commands.add("go", f'case "$1" in env) echo go1.26.8 ;; list) echo "{tmp_path / "sdk"}" ;; esac')
    commands.add("pulumi", VENDOR)
    setup.set_up(layout, console)
    assert tools.read(layout).path == (layout.standin,)
    assert any("stand-in" in line for line in console.said)


def test_two_set_ups_wait_for_one_another(layout, console):
    layout.made.mkdir()
    order = []

    def second():
        with setup.alone(layout, console):
            order.append("second")

    with layout.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=second)
        waiting.start()
        while not console.said:
            waiting.join(0.01)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
    assert "another set-up is running" in console.said[0]


@pytest.mark.parametrize(
    ("raised", "status", "text"),
    [(SetupError("no uv", "get it"), 1, "error: no uv\n  remedy: get it"), (KeyboardInterrupt(), 130, "goes on where")],
)
def test_set_up_ends_with_a_status_and_the_remedy(monkeypatch, layout, capsys, raised, status, text):
    def fail(*_):
        raise raised

    monkeypatch.setattr(setup, "REPOSITORY", layout)
    monkeypatch.setattr(setup, "set_up", fail)
    assert setup.main() == status
    assert text in capsys.readouterr().err


@pytest.mark.parametrize("python", ["exit 1", None])
def test_the_script_refuses_an_old_or_missing_python(commands, python):
    if python is not None:
        commands.add("python3", f'[ "$1" != --version ] || {{ echo "Python 3.9.2"; exit 0; }}; {python}')
    for name in ("dirname", "bash"):
        commands.add(name, f'exec /usr/bin/{name} "$@"')
    done = subprocess.run(
        ["/usr/bin/env", "bash", REPOSITORY.root / "toolchain" / "setup"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert ("Python 3.9.2" if python else "no python3 on PATH") in done.stderr
    assert "remedy: install it" in done.stderr


def test_tools_survive_a_moved_checkout(layout, tmp_path, commands):
    commands.add("pulumi", "", layout.bin)
    tools.write(layout, tools.Tools(layout.bin / "pulumi", (layout.bin,)))
    moved = type(layout)(tmp_path / "moved")
    layout.root.rename(moved.root)
    assert tools.read(moved) == tools.Tools(moved.bin / "pulumi", (moved.bin,))


@pytest.mark.parametrize("record", [None, "{}", "[]", "half a rec", '{"pulumi": "gone", "path": []}'])
def test_without_a_usable_record_set_up_is_asked_for(layout, record):
    if record is not None:
        layout.made.mkdir()
        layout.tools.write_text(record)
    with pytest.raises(SetupError) as caught:
        tools.read(layout)
    assert caught.value.remedy == "run `make setup`"
