"""The tools that set-up provides, driven as a user does: a small program through the real engine, without any cloud."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops.rehearsal import Rehearsal, RehearsalError
from toolchain.layout import REPOSITORY

PROGRAM = """
import pulumi


class Box(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("tiny:index:Box", name)
        self.register_outputs({})


config = pulumi.Config()
Box(config.require("box"))
pulumi.export("box", config.require("box"))
pulumi.export("key", pulumi.Output.secret("opened"))
"""

SLEEPING = """
import pathlib, subprocess, time

subprocess.Popen(["sleep", "300"])
pathlib.Path("started").touch()
time.sleep(300)
"""


class Tiny:
    """A project of one component, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        self.rehearsed = folder / "rehearsal"
        self.write("Pulumi.yaml", project("3.259.0"))
        self.write("Pulumi.dev.yaml", "config:\n  tiny:box: first\n")
        self.write("__main__.py", PROGRAM)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def rehearsal(self) -> Rehearsal:
        return Rehearsal(self.rehearsed, "dev", self.folder)


def project(version: str) -> str:
    return (
        "name: tiny\n"
        f"runtime: {{name: python, options: {{virtualenv: {REPOSITORY.venv}}}}}\n"
        f'requiredPulumiVersion: ">={version}"\n'
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


def urns(state):
    return {resource["urn"].rpartition("::")[2] for resource in state["deployment"].get("resources", [])}


def test_a_program_goes_through_preview_up_and_destroy(tiny):
    rehearsal = tiny.rehearsal()
    assert "+ 2 to create" in rehearsal.preview().stdout
    assert urns(rehearsal.export()) == set(), "a preview creates nothing"
    assert "+ 2 created" in rehearsal.up().stdout
    assert rehearsal.outputs() == {"box": "first", "key": "opened"}
    assert "2 unchanged" in rehearsal.up().stdout
    tiny.write("Pulumi.dev.yaml", "config:\n  tiny:box: second\n")
    changed = rehearsal.up().stdout
    assert "+ 1 created" in changed
    assert "- 1 deleted" in changed
    assert urns(rehearsal.export()) == {"tiny-dev", "second"}
    assert "- 2 deleted" in rehearsal.destroy().stdout


def test_a_secret_output_is_encrypted_in_the_state(tiny):
    rehearsal = tiny.rehearsal()
    rehearsal.up()
    assert "opened" not in rehearsal.state_file.read_text()


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise ValueError('no quorum with 2 of 4')", "no quorum with 2 of 4"),
        ("import pulumi\nraise pulumi.RunError('threshold: use at least 3')", "threshold: use at least 3"),
        ("import sys\nprint('why', file=sys.stderr)\nsys.exit(7)", "exited with status 7"),
        ("import nowhere_to_be_found", "nowhere_to_be_found"),
        ("import pulumi\npulumi.export('x', str(pulumi.Output.from_input(1)))", "__str__ on an Output"),
    ],
)
def test_a_failing_programs_message_reaches_the_user(tiny, program, message):
    tiny.write("__main__.py", program)
    with pytest.raises(RehearsalError, match="`pulumi preview` of stack 'dev' failed") as caught:
        tiny.rehearsal().preview()
    assert message in str(caught.value)


def test_a_project_that_needs_a_newer_cli_is_refused_with_the_remedy(tiny):
    tiny.write("Pulumi.yaml", project("99.0.0"))
    with pytest.raises(RehearsalError, match="requiredPulumiVersion") as caught:
        tiny.rehearsal().preview()
    assert "make setup" in str(caught.value)


def test_an_environment_that_is_not_there_is_refused_with_the_remedy(tiny):
    tiny.write("Pulumi.yaml", project("3.259.0").replace(str(REPOSITORY.venv), "nowhere"))
    with pytest.raises(RehearsalError, match="virtualenv") as caught:
        tiny.rehearsal().preview()
    assert "make setup" in str(caught.value)


def test_a_wrong_passphrase_is_refused_with_the_file_and_the_remedy(tiny):
    rehearsal = tiny.rehearsal()
    rehearsal.up()
    (tiny.rehearsed / "passphrase").write_text("another one")
    with pytest.raises(RehearsalError, match="passphrase is not the one") as caught:
        rehearsal.up()
    assert str(tiny.rehearsed / "passphrase") in str(caught.value)
    assert "make down STACK=dev" in str(caught.value)


def test_a_stack_file_without_its_salt_is_made_whole_from_the_state(tiny):
    rehearsal = tiny.rehearsal()
    rehearsal.up()
    rehearsal.stack_file.unlink()
    assert "2 unchanged" in rehearsal.up().stdout
    assert rehearsal.outputs()["key"] == "opened"


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid):
    """All processes below `pid`, as /proc has them now."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")  # the engine starts processes from any of its threads
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def sleeping_preview(tiny):
    """A preview whose program sleeps, in a process of its own, and all processes below it."""
    tiny.write("__main__.py", SLEEPING)
    arguments = [str(tiny.rehearsed), str(tiny.folder)]
    code = "import sys; from pathlib import Path; from ops.rehearsal import Rehearsal\n"
    code += "Rehearsal(Path(sys.argv[1]), 'dev', Path(sys.argv[2])).preview()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        below = []
        try:
            until((tiny.folder / "started").exists)
            below = descendants(process.pid)
            assert len(below) >= 4, "engine, language host, program, and what the program started"
            yield process, below
        finally:
            for pid in [process.pid, *below]:
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)


def test_an_interrupt_leaves_no_process_and_no_lock(tiny):
    with sleeping_preview(tiny) as (process, below):
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
        until(lambda: not any(alive(pid) for pid in below))
    tiny.write("__main__.py", PROGRAM)
    assert "+ 2 to create" in tiny.rehearsal().preview().stdout


def test_a_killed_engine_leaves_no_language_host_and_no_program(tiny):
    with sleeping_preview(tiny) as (process, below):
        os.kill(below[0], signal.SIGKILL)
        process.wait(30)
        until(lambda: not any(alive(pid) for pid in below))
