"""Restoring against an engine that is made up: what stands against it, and what is then untouched."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.state import folder
from ops.state.backup import backup
from ops.state.export import Finding
from ops.state.forget import forget
from ops.state.restore import restore, verified
from tests.unit.ops.test_state_backup import SALT, Engine, State, state

LOCKED = (
    "error: could not import deployment: the stack is currently locked by 1 lock(s). Either wait for the other process(es) "
    "to end or delete the lock file with `pulumi cancel`.\n"
    "  s3://bucket/.pulumi/locks/x.json: created by alice@build7 (pid 4711) at 2026-11-21T10:00:00Z"
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path, state())


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def put_back(engine: Engine, path: Path, **options: Any) -> list[str]:
    said: list[str] = []
    restore(engine, path, yes="testnet", say=said.append, **options)
    return said


def test_a_restore_keeps_the_present_state_and_says_what_comes_next(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    lost = engine.backends["real"] = state("2026-11-21T10:00:00Z", "one")
    said = "\n".join(put_back(engine, made.path))
    assert engine.now == state()
    kept = next(path for path in to.iterdir() if path.name.endswith(".before-restore.json"))
    assert json.loads(kept.read_text()) == lost
    for part in (str(kept), "pulumi refresh --preview-only", "ops.drift", "ops.recover"):
        assert part in said
    assert said.index("ops.drift") < said.index("ops.recover")


def test_a_restore_makes_a_stack_that_is_gone(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = None
    assert "it is made" in "\n".join(put_back(engine, made.path))
    assert engine.now == state()
    assert len(list(to.iterdir())) == 2


def test_a_restore_of_what_is_there_does_nothing(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    assert "nothing was changed" in "\n".join(put_back(engine, made.path))
    assert "stack import" not in engine.ran


@pytest.mark.parametrize(
    ("now", "options", "message"),
    [
        (state("2026-11-21T11:00:00Z"), {}, r"is older than the present state: .* with 2 resources.*--older"),
        (state(pending=2), {}, r"has 2 pending operations.*creating urn:.*ops\.recover.*--over-pending"),
        (state("2026-11-21T11:00:00Z", pending=1), {"older": True}, "has 1 pending operations"),
        (state("2026-11-21T11:00:00Z", pending=1), {"over_pending": True}, "is older than the present state"),
    ],
)
def test_what_stands_against_a_restore_leaves_the_state_alone(
    engine: Engine, to: Path, now: State, options: dict[str, Any], message: str
) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = now
    with pytest.raises(OperationError, match=f"(?s){message}"):
        put_back(engine, made.path, **options)
    assert engine.now == now
    assert len(list(to.iterdir())) == 2
    put_back(engine, made.path, older=True, over_pending=True)
    assert engine.now == state()


def test_a_backup_that_is_not_the_newest_is_refused_unless_told(engine: Engine, to: Path) -> None:
    first, _ = backup(engine, to)
    engine.backends["real"] = state("2026-11-21T11:00:00Z")
    second, _ = backup(engine, to)
    engine.backends["real"] = None
    with pytest.raises(OperationError, match="is not the newest backup") as refused:
        put_back(engine, first.path)
    assert str(second.path) in str(refused.value)
    assert engine.now is None
    put_back(engine, first.path, older=True)
    assert engine.now == state()


def test_a_backup_with_pending_operations_is_told_to_lose_them(engine: Engine, to: Path) -> None:
    engine.backends["real"] = state(pending=1)
    made, lines = backup(engine, to)
    assert "1 pending operations" in "\n".join(lines)
    engine.backends["real"] = None
    assert "the import dropped 1 pending operations" in "\n".join(put_back(engine, made.path))


def test_a_lock_is_told_with_its_holder(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = state("2026-11-21T10:00:00Z", "one")
    engine.fails["stack import"] = LOCKED
    with pytest.raises(
        OperationError, match="held by alice@build7, process 4711, since 2026-11-21T10:00:00Z"
    ) as refused:
        put_back(engine, made.path)
    assert "`python -m ops.recover --stack testnet`" in str(refused.value)
    assert "pulumi cancel" not in str(refused.value)


def test_a_lock_of_the_service_is_told_too(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = None
    engine.fails["stack import"] = "error: [409] Conflict: Another update is currently in progress."
    with pytest.raises(OperationError, match="is locked by another update"):
        put_back(engine, made.path)


@pytest.mark.parametrize(
    ("verb", "message"), [("stack import", "the backend did not take"), ("stack init", "cannot be made in the backend")]
)
def test_a_backend_that_refuses_is_told_with_what_it_says(engine: Engine, to: Path, verb: str, message: str) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = None
    engine.fails[verb] = "error: no room"
    with pytest.raises(OperationError, match=f"(?s){message}.*error: no room.*remedy: "):
        put_back(engine, made.path)


def test_another_passphrase_does_not_restore(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    engine.phrase.write_text("wrong")
    with pytest.raises(Finding, match=r"does not decrypt with the passphrase in .*phrase"):
        verified(engine, made.path)
    engine.phrase.unlink()
    with pytest.raises(OperationError, match="cannot be read: No such file"):
        verified(engine, made.path)


@pytest.mark.parametrize("project", ["redoubt", "other"])
def test_another_stacks_backup_is_refused_before_anything_is_tried(engine: Engine, to: Path, project: str) -> None:
    made, _ = backup(engine, to)
    engine.ran.clear()
    engine.stack, engine.project = ("mainnet", "redoubt") if project == "redoubt" else ("testnet", "other")
    with pytest.raises(Finding, match=f"is of redoubt/testnet, not of {engine.project}/{engine.stack}"):
        put_back(engine, made.path)
    assert engine.ran == []


@pytest.mark.parametrize("typed", ["\n", "", "mainnet\n", "yes\n"])
def test_the_stacks_name_has_to_be_typed(engine: Engine, to: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = None
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(OperationError, match=r"nothing was changed\n  remedy: type testnet, or give --yes testnet"):
        restore(engine, made.path)
    assert engine.now is None
    monkeypatch.setattr("sys.stdin", io.StringIO("testnet\n"))
    restore(engine, made.path)
    assert engine.now == state()


def test_a_state_that_changes_while_it_is_put_aside_stops_the_restore(
    engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = state("2026-11-21T10:00:00Z", "one")
    add = folder.add

    def meanwhile(*args: Any) -> Path:
        engine.backends["real"] = state("2026-11-21T10:00:01Z", "one", "new")
        return add(*args)

    monkeypatch.setattr(folder, "add", meanwhile)
    with pytest.raises(OperationError, match="changed while it was put aside"):
        put_back(engine, made.path)
    assert engine.now == state("2026-11-21T10:00:01Z", "one", "new")


def test_a_state_that_is_another_right_after_its_import_is_told(
    engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = None
    answer = engine._answer

    def interfering(verb: str, args: tuple[str, ...], backend: str, env: Mapping[str, str]) -> tuple[int, str]:
        done = answer(verb, args, backend, env)
        if verb == "stack import" and backend == "real":
            engine.backends[backend] = state("2026-11-21T12:00:00Z", "new")
        return done

    monkeypatch.setattr(engine, "_answer", interfering)
    with pytest.raises(Finding, match="is not the one that was put back"):
        put_back(engine, made.path)


def test_a_lost_passphrase_costs_the_secrets_and_nothing_else(engine: Engine, to: Path) -> None:
    before = engine.now
    engine.right = "another"
    said: list[str] = []
    engine.fails["scratch config set"] = "error: incorrect passphrase"
    with pytest.raises(OperationError, match="does not decrypt"):
        backup(engine, to)
    del engine.fails["scratch config set"]
    salts = []

    def config(verb: str, args: tuple[str, ...], backend: str, env: Mapping[str, str]) -> tuple[int, str]:
        if verb == "config set":
            file = Path(args[args.index("--cwd") + 1]) / "Pulumi.testnet.yaml"
            salts.append(json.loads(file.read_text())["encryptionsalt"])
            return (255, "error: incorrect passphrase") if salts[-1] == SALT else (0, "")
        return answer(verb, args, backend, env)

    answer, engine._answer = engine._answer, config
    forget(engine, to, yes="testnet", say=said.append)
    assert engine.now is not None
    assert "ciphertext" not in json.dumps(engine.now)
    assert engine.now["deployment"]["secrets_providers"]["state"]["salt"] not in (SALT, "")
    assert [r["urn"] for r in engine.now["deployment"]["resources"]] == [
        r["urn"] for r in state()["deployment"]["resources"]
    ]
    kept = next(path for path in to.iterdir() if path.name.endswith(".before-restore.json"))
    assert json.loads(kept.read_text()) == before
    assert "aws:ec2/instance:Instance::one.outputs.labels" in "\n".join(said)
    assert "encryptionsalt" in "\n".join(said)


def test_only_a_passphrase_can_be_lost(engine: Engine, to: Path) -> None:
    with pytest.raises(OperationError, match="the passphrase is not lost"):
        forget(engine, to, yes="testnet")
    engine.backends["real"] = state(secrets_providers={"type": "cloud", "state": {"url": "awskms://x"}})
    with pytest.raises(OperationError, match="is encrypted by 'cloud': this is for a lost passphrase alone"):
        forget(engine, to, yes="testnet")
