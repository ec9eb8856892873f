"""The stand-in's parts that need no engine. tests/engine/test_toolchain.py drives the whole of it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pulumi.runtime.proto import language_pb2

from toolchain.language_python import host
from toolchain.layout import REPOSITORY


def info(root, **options):
    program = language_pb2.ProgramInfo(root_directory=str(root), program_directory=f"{root}/program", entry_point=".")
    program.options.update(options)
    return program


@pytest.fixture
def project(tmp_path):
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    return tmp_path


def test_the_environment_that_the_project_names_is_used_relative_to_the_project(project):
    assert host.interpreter(info(project, virtualenv=".venv")) == f"{project}/.venv/bin/python"


def test_a_project_that_names_none_gets_the_hosts_own(project):
    assert host.interpreter(info(project)) == sys.executable
    assert host.interpreter(language_pb2.ProgramInfo()) == sys.executable


@pytest.mark.parametrize("broken", ["pyvenv.cfg", "bin/python"])
def test_an_unusable_environment_is_refused_with_the_remedy(project, broken):
    (project / ".venv" / broken).unlink()
    with pytest.raises(host.UnusableEnvironment, match=r"'\.venv'.*make setup"):
        host.interpreter(info(project, virtualenv=".venv"))


def test_a_program_gets_all_that_the_executor_takes(project):
    request = language_pb2.RunRequest(
        project="redoubt", stack="testnet", pwd="/elsewhere", dryRun=True, parallel=8, monitor_address="monitor:1",
        organization="organization", args=["one"], info=info(project),
    )  # fmt: skip
    command = host.program_command("python", "engine:1", request)
    assert command[:3] == ["python", "-u", str(host.EXECUTOR)]
    assert command[-2:] == [f"{project}/program", "one"]
    flags = dict(zip(command[3:-2:2], command[4:-2:2], strict=True))
    assert flags == {
        "--monitor": "monitor:1", "--engine": "engine:1", "--project": "redoubt", "--stack": "testnet",
        "--pwd": "/elsewhere", "--dry_run": "true", "--parallel": "8", "--organization": "organization",
        "--root_directory": str(project),
    }  # fmt: skip


def test_config_travels_in_the_environment_and_names_its_secrets():
    request = language_pb2.RunRequest(config={"redoubt:key": "value"}, configSecretKeys=["redoubt:key"])
    environment = host.program_environment(request, {"KEPT": "1"})
    assert environment == {
        "KEPT": "1",
        "PULUMI_CONFIG": '{"redoubt:key": "value"}',
        "PULUMI_CONFIG_SECRET_KEYS": '["redoubt:key"]',
    }


def test_a_policy_pack_runs_as_a_module_in_its_own_folder(project):
    request = language_pb2.RunPluginRequest(kind="analyzer", args=["engine:1"], info=info(project), pwd="/elsewhere")
    command, folder = host.plugin_command("python", request)
    assert command == ["python", "-u", "-m", "pulumi.policy", "engine:1", f"{project}/program"]
    assert folder == f"{project}/program"


def test_another_plugin_runs_as_a_program_where_the_engine_says(project):
    request = language_pb2.RunPluginRequest(kind="resource", args=["engine:1"], info=info(project), pwd="/elsewhere")
    assert host.plugin_command("python", request) == (["python", "-u", f"{project}/program", "engine:1"], "/elsewhere")


@pytest.mark.parametrize(("status", "text"), [(0, ""), (3, "exited with status 3"), (-9, "was ended by SIGKILL")])
def test_an_ending_is_told_in_words(status, text):
    assert text in host.ending(status)
    assert bool(text) == bool(host.ending(status))


def test_both_streams_of_a_plugin_arrive_whole():
    code = "import sys; sys.stdout.write('o' * 200000); sys.stderr.write('e' * 200000)"
    children = host.Children()
    child = children.start([sys.executable, "-c", code], cwd="/", env=os.environ, capture=True)
    got = {"stdout": b"", "stderr": b""}
    for name, chunk in host.output_of(child):
        got[name] += chunk
    assert children.wait(child) == 0
    assert got == {"stdout": b"o" * 200000, "stderr": b"e" * 200000}


def test_no_child_outlives_the_host_and_none_is_started_afterwards():
    children = host.Children()
    child = children.start(
        [sys.executable, "-c", "import time; time.sleep(60)"], cwd="/", env=os.environ, capture=False
    )
    children.kill_all()
    assert children.wait(child) < 0
    with pytest.raises(RuntimeError, match="shutting down"):
        children.start(["true"], cwd="/", env=os.environ, capture=False)


def started_host(tmp_path, *, through=()):
    """The stand-in as the engine starts it: its executable, reached through a link, from another folder."""
    made = tmp_path / ".toolchain" / "bin-standin"
    made.mkdir(parents=True)
    for name in ("pulumi-language-python", "host.py"):
        (made / name).write_bytes((REPOSITORY.language_host / name).read_bytes())
    (made / "pulumi-language-python").chmod(0o755)
    (tmp_path / ".venv").symlink_to(REPOSITORY.venv)
    link = tmp_path / "link"
    link.symlink_to(made / "pulumi-language-python")
    return subprocess.Popen(
        [*through, str(link), "127.0.0.1:1"], cwd="/", stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def test_it_starts_from_any_folder_and_ends_at_once_when_the_engine_interrupts_it(tmp_path):
    with started_host(tmp_path) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(host.signal.SIGINT)
        assert process.wait(5) == 0


def test_it_ends_when_the_engine_was_killed(tmp_path):
    # The shell stands for the engine; `wait` keeps it from replacing itself by the host.
    engine = ("sh", "-c", '"$0" "$@" & echo $!; wait')
    with started_host(tmp_path, through=engine) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert int(process.stdout.readline()) > 0
        process.kill()
        deadline = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        survived = Path(f"/proc/{pid}").exists()
        if survived:
            os.kill(pid, host.signal.SIGKILL)
        assert not survived
