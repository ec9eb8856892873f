"""Backups of a real state by the real engine: taken, spoilt in every way, put back into a backend that was wiped.

The fleet is made once. Each test leaves the state as it found it.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ops.rehearsal import Rehearsal
from ops.state.__main__ import main
from tests.support.runbook import follow
from tests.support.samples import ROOT, shrink

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    rehearsal = Rehearsal(tmp_path_factory.mktemp("state") / "rehearsal", "testnet", edit=shrink)
    rehearsal.up()
    return rehearsal


@pytest.fixture(scope="module")
def vault(fleet: Rehearsal) -> Path:
    """A folder with one backup in it."""
    folder = fleet.directory.parent / "backups"
    assert run(fleet, "backup", "--to", folder) == 0
    return folder


@pytest.fixture(autouse=True)
def _state_as_it_was(fleet: Rehearsal) -> Iterator[None]:
    state, stack_file, phrase = fleet.directory / "state", fleet.stack_file, fleet.directory / "passphrase"
    before = fleet.directory.parent / "before"
    shutil.rmtree(before, ignore_errors=True)
    shutil.copytree(state, before)
    texts = {path: path.read_text() for path in (stack_file, phrase)}
    yield
    shutil.rmtree(state)
    before.rename(state)
    for path, text in texts.items():
        path.write_text(text)


def run(fleet: Rehearsal, command: str, *args: object) -> int:
    """One of our commands on the rehearsal. The generated stack file is put back: it is that of the whole fleet then."""
    stack_file = fleet.stack_file
    status = main([command, "--stack", fleet.stack, "--rehearsal", str(fleet.directory), *map(str, args)])
    if stack_file.parent.exists():
        fleet.prepare()
    return status


def at_once(fleet: Rehearsal, command: str, *args: str) -> list[int]:
    """The statuses of two that are started together."""
    where = ["--stack", fleet.stack, "--rehearsal", str(fleet.directory)]
    full = [sys.executable, "-m", "ops.state", command, *where, *args]
    statuses = [one.wait(120) for one in [subprocess.Popen(full, cwd=ROOT, env=os.environ) for _ in range(2)]]
    fleet.prepare()
    return statuses


def backups(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(".manifest.json"))


def copy_of(vault: Path, tmp_path: Path) -> Path:
    """The first backup, alone, to be spoilt."""
    folder = tmp_path / "copy"
    folder.mkdir()
    export = backups(vault)[0]
    for path in vault.glob(f"{export.stem}*"):
        shutil.copy2(path, folder)
    return folder / export.name


def edited(fleet: Rehearsal, change: Any) -> None:
    """Changes the state in the backend behind the engine's back."""
    content = json.loads(fleet.state_file.read_text())
    change(content["checkpoint"]["latest"])
    fleet.state_file.write_text(json.dumps(content))


def years_back(latest: dict[str, Any]) -> None:
    """As of an older version of the state."""
    latest["manifest"]["time"] = "2020-01-01T00:00:00Z"
    latest["resources"].pop()


def test_a_backup_is_private_encrypted_and_says_what_it_is(fleet: Rehearsal, vault: Path) -> None:
    export = backups(vault)[0]
    manifest = json.loads((vault / f"{export.stem}.manifest.json").read_text())
    state = fleet.export()["deployment"]
    assert manifest["resources"] == len(state["resources"])
    assert manifest["state_time"] == state["manifest"]["time"]
    assert manifest["secrets_provider"] == "passphrase"
    assert manifest["secrets"] > 0
    assert manifest["checked"] is True
    assert {path.stat().st_mode & 0o777 for path in vault.iterdir()} == {0o600}
    assert '"plaintext"' not in export.read_text()
    assert (fleet.directory / "passphrase").read_text() not in export.read_text()


def test_two_backups_at_once_leave_one_whole_backup(fleet: Rehearsal, tmp_path: Path) -> None:
    assert at_once(fleet, "backup", "--to", str(tmp_path)) == [0, 0]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_present_state_is_kept_before_another_takes_its_place(
    fleet: Rehearsal, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = copy_of(vault, tmp_path)
    edited(fleet, lambda latest: latest["resources"].pop())
    lost = fleet.export()
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 0
    kept = next(path for path in backups(export.parent) if ".before-restore" in path.name)
    assert str(kept) in capsys.readouterr().out
    assert json.loads(kept.read_text()) == lost
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 0
    assert "this backup already: nothing was changed" in capsys.readouterr().out


def spoilt(export: Path, how: str) -> None:
    text = export.read_text()
    manifest = export.with_name(f"{export.stem}.manifest.json")
    content = json.loads(manifest.read_text())
    match how:
        case "cut off":
            export.write_text(text[: len(text) // 2])
        case "one letter":
            export.write_text(text.replace("eu-central-1", "eu-central-2", 1))
        case "no manifest":
            manifest.unlink()
        case "no export":
            export.unlink()
        case "count":
            manifest.write_text(json.dumps(content | {"resources": 3}))
        case _:
            raise AssertionError(how)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("cut off", "it was cut off or changed after it was taken"),
        ("one letter", "it was cut off or changed after it was taken"),
        ("no manifest", "cannot be read: No such file"),
        ("no export", "cannot be read: No such file"),
        ("count", "resources 3 and not"),
    ],
)
def test_a_spoilt_backup_is_refused_and_the_state_stays(
    fleet: Rehearsal, vault: Path, tmp_path: Path, how: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fleet.state_file.read_bytes()
    export = copy_of(vault, tmp_path)
    spoilt(export, how)
    assert run(fleet, "verify", "--from", export) == 1
    assert message in capsys.readouterr().err
    assert run(fleet, "restore", "--from", export, "--yes", "testnet", "--older", "--over-pending") == 1
    error = capsys.readouterr().err
    assert message in error
    assert "remedy:" in error
    assert fleet.state_file.read_bytes() == before


def test_another_stacks_backup_is_refused(fleet: Rehearsal, vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Rehearsal(fleet.directory, "mainnet", edit=shrink)
    other.prepare()
    status = main(
        ["restore", "--stack", "mainnet", "--rehearsal", str(fleet.directory), "--from", str(backups(vault)[0])]
    )
    assert status == 1
    assert "is of redoubt/testnet, not of redoubt/mainnet" in capsys.readouterr().err
    assert not other.state_file.exists()
    other.stack_file.unlink()


def test_a_wrong_passphrase_is_told_even_where_no_secret_is_in_the_state(
    fleet: Rehearsal, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (fleet.directory / "passphrase").write_text("not this one")
    assert run(fleet, "verify", "--from", backups(vault)[0]) == 1
    assert "does not decrypt with the passphrase in" in capsys.readouterr().err

    def without_secrets(latest: dict[str, Any]) -> None:
        latest["resources"] = [r for r in latest["resources"] if "ciphertext" not in json.dumps(r)]

    edited(fleet, without_secrets)
    assert run(fleet, "backup", "--to", tmp_path / "b") == 1
    assert "does not decrypt with the passphrase in" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_an_older_state_is_not_backed_up_unless_told(
    fleet: Rehearsal, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = copy_of(vault, tmp_path)

    edited(fleet, years_back)
    assert run(fleet, "backup", "--to", export.parent) == 1
    error = capsys.readouterr().err
    assert "is older than the last backup" in error
    assert str(export) in error
    assert len(backups(export.parent)) == 1
    assert run(fleet, "backup", "--to", export.parent, "--older-is-right") == 0
    older = next(path for path in backups(export.parent) if "20200101" in path.name)
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 0
    capsys.readouterr()
    assert run(fleet, "restore", "--from", older, "--yes", "testnet") == 2
    assert "is older than the present state" in capsys.readouterr().err


def test_pending_operations_stand_against_a_restore(
    fleet: Rehearsal, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = copy_of(vault, tmp_path)

    def cut_off(latest: dict[str, Any]) -> None:
        latest["pending_operations"] = [{"resource": latest["resources"].pop(), "type": "creating"}]

    edited(fleet, cut_off)
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 2
    error = capsys.readouterr().err
    assert "1 pending operations" in error
    assert "ops.recover" in error
    assert run(fleet, "restore", "--from", export, "--yes", "testnet", "--over-pending") == 0


def test_a_locked_stack_is_left_alone_and_the_holder_named(
    fleet: Rehearsal, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = copy_of(vault, tmp_path)
    edited(fleet, lambda latest: latest["resources"].pop())
    before = fleet.state_file.read_bytes()
    folder = fleet.directory / "state" / ".pulumi" / "locks" / "organization" / "redoubt" / "testnet"
    folder.mkdir(parents=True, exist_ok=True)
    held = {"pid": 4711, "username": "alice", "hostname": "build7", "timestamp": "2026-11-21T10:00:00Z"}
    (folder / "x.json").write_text(json.dumps(held))
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 2
    error = capsys.readouterr().err
    assert "held by alice@build7, process 4711, since 2026-11-21T10:00:00Z" in error
    assert fleet.state_file.read_bytes() == before


def test_two_restores_at_once_leave_the_backups_state(fleet: Rehearsal, vault: Path, tmp_path: Path) -> None:
    export = copy_of(vault, tmp_path)
    edited(fleet, lambda latest: latest["resources"].pop())
    assert 0 in at_once(fleet, "restore", "--from", str(export), "--yes", "testnet")
    assert run(fleet, "restore", "--from", export, "--yes", "testnet") == 0
    there, wanted = fleet.export()["deployment"], json.loads(export.read_text())["deployment"]
    assert [one["urn"] for one in there["resources"]] == [one["urn"] for one in wanted["resources"]]


class _Transit(BaseHTTPRequestHandler):
    """What the engine uses of Vault's transit engine: `encrypt/<key>` and `decrypt/<key>`."""

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "plaintext" in asked:
            data = {"ciphertext": "vault:v1:" + asked["plaintext"][::-1]}
        else:
            data = {"plaintext": asked["ciphertext"].removeprefix("vault:v1:")[::-1]}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture
def key_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A stand-in for Vault, which a rehearsal's engine is let at: it keeps no login of the caller otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    own = Rehearsal.environment
    login = {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": "none"}

    def environment(self: Rehearsal, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return own(self, login | dict(extra or {}))

    monkeypatch.setattr(Rehearsal, "environment", environment)
    yield server
    server.shutdown()
    server.server_close()


def test_a_key_service_takes_the_passphrases_place_and_its_backup_comes_back(
    fleet: Rehearsal, tmp_path: Path, key_service: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """`hashivault`, against a stand-in: the only secrets provider beside the passphrase that needs no cloud."""
    fleet.pulumi("stack", "change-secrets-provider", "hashivault://redoubt", "--stack", "testnet", "--non-interactive")
    (fleet.directory / "passphrase").write_text("not needed any more")
    assert run(fleet, "backup", "--to", tmp_path) == 0
    assert "(key service)" in capsys.readouterr().out
    shutil.rmtree(fleet.directory / "state")
    assert run(fleet, "restore", "--from", backups(tmp_path)[0], "--yes", "testnet") == 0
    kept = fleet.export()["deployment"]["secrets_providers"]
    assert (kept["type"], kept["state"]["url"]) == ("cloud", "hashivault://redoubt")
    assert base64.b64decode(kept["state"]["encryptedkey"]).startswith(b"vault:v1:")
    assert "pulumiLabels" in fleet.pulumi("stack", "export", "--show-secrets").stdout
    key_service.shutdown()
    key_service.server_close()
    assert run(fleet, "verify", "--from", backups(tmp_path)[0]) == 2
    assert "its key service was not asked with success" in capsys.readouterr().err


def test_the_runbooks_daily_commands_work(fleet: Rehearsal, vault: Path) -> None:
    assert "restorable" in follow(fleet, vault, "Every day")


def test_the_runbook_brings_back_a_backend_that_was_wiped_and_nothing_is_to_change(
    fleet: Rehearsal, vault: Path
) -> None:
    before = fleet.export()["deployment"]
    shutil.rmtree(fleet.directory / "state")
    (fleet.directory / "state").mkdir()
    told = follow(fleet, vault, "The state is gone")
    for part in (
        "the backend has no such stack, it is made",
        "restored: stack 'testnet'",
        "none is missing",
        "recovered:",
    ):
        assert part in told
    assert [r["urn"] for r in fleet.export()["deployment"]["resources"]] == [r["urn"] for r in before["resources"]]
    fleet.up("--expect-no-changes")


def test_the_runbook_undoes_an_old_version_that_came_back(fleet: Rehearsal, vault: Path) -> None:
    edited(fleet, years_back)
    told = follow(fleet, vault, "An old version came back")
    assert "is older than the last backup" in told
    assert "restored: stack 'testnet'" in told


def test_the_runbook_goes_on_without_the_passphrase(fleet: Rehearsal, tmp_path: Path) -> None:
    """With no backup to go back to: it would open with the old passphrase alone."""
    (fleet.directory / "passphrase").unlink()
    told = follow(fleet, tmp_path / "backups", "The passphrase is lost")
    assert "does not decrypt with the passphrase in" in told
    assert "NOT LOST" not in told
    assert {path.name for path in fleet.directory.glob("passphrase*")} == {"passphrase", "passphrase.new"}
    assert "values cannot be read any more" in told
    assert "checked: imported into a scratch backend" in told
    (fleet.directory / "passphrase.new").replace(fleet.directory / "passphrase")
    assert fleet.export()["deployment"]["secrets_providers"]["type"] == "passphrase"
    fleet.preview("--expect-no-changes")
