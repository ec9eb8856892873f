"""`make prove` on both stacks: every claim holds, for people and for machines, and what is wrong is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.plan import plan
from fleet.proofs.report import CLAIMS
from ops.prove import __main__ as command
from ops.prove.decided import decided
from ops.prove.rendered import rendered
from ops.recording.stackfile import committed_fleet
from tests.support.fleets import random_fleet
from tests.support.mocked import run_program
from tests.support.mutants import MUTANTS, original
from tests.support.samples import aws_testnet

Printed = pytest.CaptureFixture[str]


@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_every_claim_of_a_committed_stack_is_proved(stack: str, tmp_path: Path, capsys: Printed) -> None:
    result = tmp_path / "deep" / "prove.json"
    assert command.main(["--stack", stack, "--json", str(result)]) == 0
    document = json.loads(result.read_text())
    assert {one["claim"]: one["outcome"] for one in document["verdicts"]} == dict.fromkeys(CLAIMS, "proved")
    assert document["holds"] is True
    printed = capsys.readouterr().out
    assert printed.rstrip().endswith("every claim holds")
    assert "not covered:" in printed
    assert "sites[" in printed  # what was stood in for, metal host keys among it


@pytest.mark.parametrize("seed", range(12))
def test_every_claim_of_a_sound_fleet_is_proved(seed: int) -> None:
    fleet = random_fleet(seed)
    report = decided(rendered(plan(fleet, "testnet"), run_program(fleet)))
    assert {one.claim: one.failures for one in report.verdicts if one.outcome != "proved"} == {}


def test_a_failed_claim_shows_a_packet_and_the_rules_that_let_it_through() -> None:
    (mutant,) = [one for one in MUTANTS if one.name == "host: metal SSH from everywhere"]
    report = decided(mutant.change(original()))
    (failed,) = [one for one in report.verdicts if one.claim == "a"]
    assert not report.holds
    assert "tcp 0.0.0.0:0 -> 198.19.0.9:22 from stranger reaches s4-cosigner-1" in failed.failures[0]
    assert "ssh-metal" in failed.failures[0]


def test_a_lost_quorum_names_the_loss_and_who_is_left() -> None:
    (mutant,) = [one for one in MUTANTS if one.name == "DigitalOcean: a firewall of other sites' gateways missing"]
    report = decided(mutant.change(original()))
    (failed,) = [one for one in report.verdicts if one.claim == "loss"]
    assert any("only 2 of 3 needed cosigners reach each other" in one for one in failed.failures)


def test_an_accepted_risk_is_shown_as_accepted_and_not_as_proved() -> None:
    fleet = aws_testnet()
    report = decided(rendered(plan(fleet, "testnet"), run_program(fleet)))
    outcomes = {one.claim: one.outcome for one in report.verdicts}
    assert (outcomes["alone"], outcomes["loss"]) == ("accepted", "accepted")
    assert report.holds


def refused(arguments: list[str], capsys: Printed) -> str:
    assert command.main(arguments) == 2
    return capsys.readouterr().err


def test_a_stack_without_a_file_is_named_with_those_that_have_one(capsys: Printed) -> None:
    assert "name a stack that has a file: mainnet, testnet" in refused(["--stack", "devnet"], capsys)


def edited(tmp_path: Path, edit: Callable[[str], str]) -> Path:
    text = (Path(__file__).resolve().parents[2] / "Pulumi.testnet.yaml").read_text()
    (tmp_path / "Pulumi.testnet.yaml").write_text(edit(text))
    return tmp_path


def test_a_config_that_the_plan_refuses_is_not_proved(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edited(tmp_path, lambda text: text.replace("threshold: 3", "threshold: 2"))
    monkeypatch.setattr(command, "committed_fleet", lambda stack: committed_fleet(stack, folder))
    assert "signer.threshold: 2 of 4 lets two halves sign" in refused([], capsys)
