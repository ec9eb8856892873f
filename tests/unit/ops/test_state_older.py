"""An old state is refused by every command that is told where the backups are; and the guide names commands that exist."""

import argparse
import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from ops import stacks
from ops.errors import OperationError
from ops.rehearsal import Rehearsal
from ops.state import __main__ as command
from ops.state import older, passphrase
from ops.state.backup import backup
from ops.state.export import Finding
from ops.state.forget import forget
from ops.state.restore import restore, verified
from tests.support.samples import ROOT
from tests.unit.ops.test_state_backup import Engine, state

OLD = "2026-11-21T09:00:00Z"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path, state())


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    stacks.add_options(parser)
    older.add_options(parser)
    return parser.parse_args(["--stack", "testnet", *arguments])


def test_the_folder_is_that_of_the_command_line_or_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(older.VARIABLE, raising=False)
    assert older.folder_of(parsed()) is None
    assert older.folder_of(parsed("--backups", "x")) == Path("x")
    monkeypatch.setenv(older.VARIABLE, "y")
    assert older.folder_of(parsed()) == Path("y")
    assert older.folder_of(parsed("--backups", "x")) == Path("x")
    assert older.folder_of(parsed("--rehearsal")) is None, "these are backups of the real stack"
    assert older.folder_of(parsed("--rehearsal", "r", "--backups", "x")) == Path("x")
    monkeypatch.setenv(older.VARIABLE, "")
    assert older.folder_of(parsed()) is None


def test_a_state_behind_the_last_backup_stops_a_command_unless_told(engine: Engine, to: Path) -> None:
    said: list[str] = []
    backup(engine, to)
    older.check(engine, to, say=said.append)
    engine.backends["real"] = state(OLD, "one")
    with pytest.raises(Finding, match=r"is older than the last backup.*(?s:.*)remedy: .*--older-is-right"):
        older.check(engine, to, say=said.append)
    older.check(engine, to, older_is_right=True, say=said.append)
    older.check(engine, None, say=said.append)
    assert said == []


def test_a_state_that_cannot_be_loaded_is_first_of_all_one_for_recover(engine: Engine, to: Path) -> None:
    backup(engine, to)
    engine.fails["stack export"] = "error: failed to load checkpoint: EOF"
    with pytest.raises(OperationError, match=r"EOF\n  remedy: .*`python -m ops\.recover --stack testnet` first"):
        older.check(engine, to)


def test_a_folder_that_cannot_tell_is_not_passed_over_in_silence(engine: Engine, to: Path) -> None:
    with pytest.raises(OperationError, match=r"there is no folder .*\n  remedy: "):
        older.check(engine, to)
    to.mkdir()
    said: list[str] = []
    older.check(engine, to, say=said.append)
    assert said == [f"{to} has no backup of redoubt/testnet: nothing to compare the state with"]


def test_a_backup_that_is_behind_the_last_one_elsewhere_is_refused(engine: Engine, to: Path, tmp_path: Path) -> None:
    engine.backends["real"] = state(OLD)
    old, _ = backup(engine, tmp_path / "elsewhere")
    engine.backends["real"] = state()
    new, _ = backup(engine, to)
    engine.backends["real"] = None
    verified(engine, old.path)
    verified(engine, new.path, backups_dir=to)
    with pytest.raises(Finding, match="is older than the last backup") as refused:
        verified(engine, old.path, backups_dir=to)
    assert str(new.path) in str(refused.value)
    with pytest.raises(Finding, match="is older than the last backup"):
        restore(engine, old.path, yes="testnet", backups_dir=to)
    assert engine.now is None
    restore(engine, old.path, yes="testnet", backups_dir=to, older=True)
    assert engine.now == state(OLD)
    with pytest.raises(OperationError, match="there is no folder"):
        verified(engine, new.path, backups_dir=tmp_path / "mistyped")


def test_secrets_are_not_given_up_in_an_old_state_unless_told(
    engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(engine, to)
    engine.backends["real"] = state(OLD)
    monkeypatch.setattr("ops.state.forget._refuse_known", lambda *_: None)
    with pytest.raises(Finding, match="is older than the last backup"):
        forget(engine, to, yes="testnet")
    with pytest.raises(OperationError, match="'no' is not the stack's name"):
        forget(engine, to, yes="no", older_is_right=True)


def test_the_options_reach_the_commands(engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "located", lambda options: engine)
    monkeypatch.delenv(older.VARIABLE, raising=False)
    made, _ = backup(engine, to)
    engine.backends["real"] = state("2026-11-21T11:00:00Z")
    backup(engine, to)
    verify = ["verify", "--stack", "testnet", "--from", str(made.path)]
    assert command.main(verify) == 0
    assert command.main([*verify, "--backups", str(to)]) == 1
    monkeypatch.setenv(older.VARIABLE, str(to))
    assert command.main(verify) == 1
    assert command.main(["restore", *verify[1:], "--yes", "testnet"]) == 1
    assert command.main(["restore", *verify[1:], "--yes", "testnet", "--older"]) == 0


def test_a_rehearsal_takes_a_passphrase_file_of_its_own_folder_alone(
    rehearsal: Rehearsal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal.prepare()
    folder = rehearsal.directory
    monkeypatch.setattr(Rehearsal, "prepare", lambda self: None)
    options = argparse.Namespace(rehearsal=folder, stack="testnet")
    for named, used in (
        (None, "passphrase"),
        ("", "passphrase"),
        (str(tmp_path / "real"), "passphrase"),
        (str(folder / "passphrase.new"), "passphrase.new"),
    ):
        monkeypatch.delenv(passphrase.FILE, raising=False)
        if named is not None:
            monkeypatch.setenv(passphrase.FILE, named)
        assert command.located(options).environment()[passphrase.FILE] == str(folder / used)
    assert command.located(options).environment({passphrase.FILE: "x"})[passphrase.FILE] == "x"


def test_each_row_of_the_guides_first_table_names_one_command_that_exists() -> None:
    text = (ROOT / "docs" / "state.md").read_text()
    section = re.search(r"(?ms)^## Which command to start with\n(.*?)^## ", text)
    assert section
    rows = re.findall(r"(?m)^\| .* \| (?=`python)(.*) \|$", section[1])
    assert len(rows) == section[1].count("\n| ") - 1
    for row in rows:
        (found,) = re.findall(r"`(python -m [^`]+)`", row)
        words = shlex.split(found)
        import_module(f"{words[2]}.__main__" if words[2] != "ops.retire" else words[2]).parser().parse_args(words[3:])
        for anchor in re.findall(r"\(#([a-z-]+)\)", row):
            assert f"### {anchor.replace('-', ' ')}" in text.lower()
