"""`python -m ops.rehearsal`: what make runs."""

import os
import subprocess

import pytest

from ops.rehearsal import Rehearsal, workspace
from ops.rehearsal import __main__ as command


@pytest.fixture
def main(tmp_path, committed, log, monkeypatch):
    """The command on the pretended project and engine."""

    def rehearsal(directory, stack):
        return Rehearsal(directory, stack, committed.folder)

    monkeypatch.setattr(command, "Rehearsal", rehearsal)
    directory = tmp_path / "rehearsal"
    return lambda *arguments: command.main([arguments[0], "--directory", str(directory), *arguments[1:]])


def test_up_prints_the_overlay_first_and_the_programs_summary_last(main, capsys):
    assert main("up") == 0
    printed = capsys.readouterr().out
    assert printed.index("+ redoubt:fleet.access.ssh_user_ca") < printed.index("three hosts")
    assert "make down STACK=testnet" in printed.splitlines()[-1]


def test_what_follows_the_dashes_is_handed_to_the_engine(main, log):
    assert main("preview", "--stack", "mainnet", "--", "--diff", "--refresh") == 0
    assert log.read_text().splitlines()[-1].endswith("--diff --refresh")


def test_down_ends_with_nothing_left(main, capsys, tmp_path):
    main("up")
    assert main("down") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing is left of testnet"
    assert not (tmp_path / "rehearsal").exists()


def test_a_failing_engine_fails_the_command(main, monkeypatch, capsys):
    main("preview")
    monkeypatch.setenv("FAIL", "error: no quorum")
    assert main("up") == 1
    assert "error: `pulumi up` of stack 'testnet' failed" in capsys.readouterr().err


def test_a_wrong_stack_fails_the_command_with_those_that_exist(main, capsys):
    assert main("up", "--stack", "devnet") == 1
    assert "stacks: mainnet, testnet" in capsys.readouterr().err


def test_without_set_up_the_remedy_is_make_setup(main, monkeypatch, capsys):
    def missing(_):
        raise command.SetupError("there is no record of the Pulumi CLI to use", "run `make setup`")

    monkeypatch.setattr(workspace.tools, "read", missing)
    assert main("preview") == 1
    assert "remedy: run `make setup`" in capsys.readouterr().err


def test_machines_are_not_there_yet_and_the_remedy_says_what_is(main, capsys, log):
    assert main("up", "--mode", "machines") == 2
    assert "MODE=ledger" in capsys.readouterr().err
    assert log.read_text() == ""


def test_an_interrupt_has_its_own_status(main, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace.engine, "run", interrupted)
    assert main("up") == 130
    assert "make down" in capsys.readouterr().err


def test_env_makes_a_shell_see_the_rehearsal_and_no_credential(main, capsys, tmp_path):
    assert main("env") == 0
    lines = capsys.readouterr().out
    script = f'{lines}\necho "$PULUMI_BACKEND_URL [${{AWS_PROFILE:-}}] $PWD"'
    shell = subprocess.run(
        ["bash", "-euc", script], env=os.environ | {"AWS_PROFILE": "real"}, capture_output=True, text=True, check=True
    )
    assert shell.stdout.startswith(f"file://{tmp_path}/rehearsal/state [")
    assert shell.stdout.strip().endswith(f"{tmp_path}/rehearsal")


def test_env_takes_away_what_the_caller_has(main, capsys, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "real")
    main("env")
    assert "unset AWS_PROFILE\n" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["down", "env"])
def test_options_for_an_engine_that_is_not_started_are_refused(main, capsys, name):
    assert main(name, "--", "--diff") == 1
    assert "leave out what follows" in capsys.readouterr().err
