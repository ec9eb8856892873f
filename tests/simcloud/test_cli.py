"""`python -m simcloud`: what an operator of a rehearsal sees and does."""

from pathlib import Path

import pytest

from simcloud.__main__ import main
from simcloud.aws import tokens
from simcloud.ledger import Ledger
from tests.simcloud.driver import World


def run(ledger: Ledger, *arguments: str) -> int:
    return main(["--ledger", str(ledger.path), *arguments])


def test_ls_shows_what_exists_and_whose_it_is(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    key = world.have(tokens.KEY)
    world.have(tokens.VPC)
    world.cloud.delete(key)
    assert run(world.cloud.ledger, "ls") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert "redoubt/unit" in lines[0]
    assert "PendingDeletion" in lines[0]
    assert "(made by the cloud)" in lines[2]
    assert lines[-1].startswith("4 records of 1 stacks in ")
    run(world.cloud.ledger, "ls", "--type", tokens.VPC, "--stack", "unit")
    assert capsys.readouterr().out.count("\n") == 2


def test_purge_removes_a_stack(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.have(tokens.VPC)
    assert run(world.cloud.ledger, "purge", "redoubt/unit") == 0
    assert "removed 1 records of redoubt/unit" in capsys.readouterr().out
    assert world.cloud.ledger.records() == []


def test_set_changes_a_quota_and_shows_all_settings(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger, "set", "quota.vpcs", "9") == 0
    assert "quota.vpcs = 9" in capsys.readouterr().out
    assert ledger.settings()["quota.vpcs"] == "9"


def test_faults_are_ordered_listed_and_forgotten(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    run(ledger, "faults", "add", "delay", "--seconds", "2", "--operation", "delete", "--name", "x", "--nth", "3")
    run(ledger, "faults", "add", "fail", "--message", "no: wait", "--type", "aws:ec2/*")
    run(ledger, "faults", "ls")
    assert capsys.readouterr().out.splitlines() == [
        "delay at delete of * named x: from matching call 3 on, 1 times",
        "fail at create of aws:ec2/* named *: from matching call 1 on, 1 times",
    ]
    run(ledger, "faults", "clear")
    run(ledger, "faults", "ls")
    assert capsys.readouterr().out == ""


def test_an_error_names_the_remedy_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ls"]) == 2
    assert "error: no ledger is named: set REDOUBT_SIMCLOUD" in capsys.readouterr().err
    assert main(["--ledger", str(tmp_path), "ls"]) == 2
    assert "cannot be a ledger: name a file" in capsys.readouterr().err
