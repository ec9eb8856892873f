"""Backups against an engine that is made up: what is proved, what is refused, and what each command ends with."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.rehearsal.engine import Echo
from ops.stacks import Completed, OwnStack
from ops.state import folder, passphrase, refuse_older_than_backup
from ops.state.__main__ import main
from ops.state.backup import backup
from ops.state.export import SECRET, SIGNATURE, Finding

State = dict[str, Any]

NO_STACK = "error: no stack named 'testnet' found"
CIPHER = "v1:CnPjVaBIub3bYfLQ:upf+O5DBLwKyMGrA"
SALT = "v1:salt=:v1:nonce:check"


def resource(name: str, **fields: Any) -> State:
    urn = f"urn:pulumi:testnet::redoubt::aws:ec2/instance:Instance::{name}"
    return {"urn": urn, "custom": True, "id": f"i-{name}", "type": "aws:ec2/instance:Instance", **fields}


def state(time: str = "2026-11-21T10:00:00Z", *names: str, pending: int = 0, **fields: Any) -> State:
    """A state whose first resource has a secret."""
    found = [resource(name) for name in names or ("one", "two")]
    found[0]["outputs"] = {"labels": {SIGNATURE: SECRET, "ciphertext": CIPHER}}
    deployment: State = {
        "manifest": {"time": time, "magic": "m", "version": "v3.259.0"},
        "secrets_providers": {"type": "passphrase", "state": {"salt": SALT}},
        "resources": found,
        **fields,
    }
    if pending:
        deployment["pending_operations"] = [{"type": "creating", "resource": resource("new")}] * pending
    return {"version": 3, "deployment": deployment}


class Engine:
    """Backends as the engine shows them: one real, one for each scratch folder. It knows one passphrase."""

    stack = "testnet"
    project = "redoubt"

    def __init__(self, directory: Path, now: State | None) -> None:
        self.directory = directory
        self.backends: dict[str, State | None] = {"real": now}
        self.phrase = directory / "phrase"
        self.phrase.write_text("right")
        self.phrase.chmod(0o600)
        self.right = "right"
        self.fails: dict[str, str] = {}
        self.ran: list[str] = []

    @property
    def now(self) -> State | None:
        return self.backends["real"]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return {passphrase.FILE: str(self.phrase), "PULUMI_BACKEND_URL": "real", **(extra or {})}

    def command(self, module: str, *args: str) -> str:
        return " ".join([f"python -m ops.{module} --stack testnet", *args])

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        echo: Echo | None = None,
    ) -> Completed:
        environment = self.environment(env)
        backend = environment["PULUMI_BACKEND_URL"]
        verb = " ".join(args[:2])
        if backend == "real":
            self.ran.append(verb)
        failure = self.fails.get(verb if backend == "real" else f"scratch {verb}")
        status, text = (255, failure) if failure else self._answer(verb, args, backend, environment)
        return subprocess.CompletedProcess(args, status, "" if status else text, text if status else "")

    def _answer(self, verb: str, args: tuple[str, ...], backend: str, env: Mapping[str, str]) -> tuple[int, str]:
        known = Path(env[passphrase.FILE]).read_text() == self.right
        match verb:
            case "version":
                return 0, "v3.259.0\n"
            case "stack init":
                salt = f"v1:new{len(self.backends)}=:v1:nonce:check"
                self.backends[backend] = state(
                    resources=[], secrets_providers={"type": "passphrase", "state": {"salt": salt}}
                )
                return 0, "Created stack"
            case "stack rm":
                self.backends[backend] = None
                return 0, ""
            case "config set":
                return (0, "") if known else (255, "error: incorrect passphrase")
            case "stack export":
                found = self.backends.get(backend)
                return (0, json.dumps(found)) if found is not None else (255, NO_STACK)
            case "stack import":
                if self.backends.get(backend) is None:
                    return 255, NO_STACK
                taken = json.loads(Path(args[args.index("--file") + 1]).read_text())
                taken["deployment"].pop("pending_operations", None)
                self.backends[backend] = taken
                return 0, "Import complete."
            case _:
                raise AssertionError(args)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path, state())


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_a_backup_says_what_it_wrote_and_how_to_check_and_restore_it(engine: Engine, to: Path) -> None:
    made, lines = backup(engine, to)
    text = "\n".join(lines)
    for part in (
        str(made.path),
        str(folder.manifest_path(made.path)),
        "ops.state verify",
        "ops.state restore",
        "checked",
    ):
        assert part in text
    assert "2 resources, 1 secrets encrypted (passphrase)" in text
    assert set(engine.ran) == {"stack export", "version"}


@pytest.mark.parametrize("now", [None, state(resources=[]), state(resources=None)], ids=["no stack", "empty", "null"])
def test_nothing_is_no_backup(engine: Engine, to: Path, now: State | None) -> None:
    engine.backends["real"] = now
    with pytest.raises(OperationError, match="there is nothing to back up"):
        backup(engine, to)
    assert not to.exists()


@pytest.mark.parametrize(
    ("verb", "text", "message"),
    [
        ("stack export", "error: AccessDenied", "cannot be read:\nerror: AccessDenied"),
        ("scratch stack init", "error: no room", "no scratch backend could be made"),
        ("scratch stack import", "error: state file contains errors", "cannot be imported"),
        (
            "scratch stack import",
            "error: failed to decrypt: incorrect passphrase",
            "does not decrypt with the passphrase",
        ),
        ("scratch stack import", 'constructing secrets manager of type "cloud": 403', "key service was not asked"),
        ("scratch config set", "error: salt is malformed", "has a salt that the engine refuses"),
    ],
)
def test_what_is_not_proved_is_not_written(engine: Engine, to: Path, verb: str, text: str, message: str) -> None:
    engine.fails[verb] = text
    with pytest.raises(OperationError, match=message) as refused:
        backup(engine, to)
    assert "\n  remedy: " in str(refused.value)
    assert not to.exists()


def test_a_state_of_another_stack_is_not_backed_up(engine: Engine, to: Path) -> None:
    other = json.dumps(state()).replace("urn:pulumi:testnet", "urn:pulumi:mainnet")
    engine.backends["real"] = json.loads(other)
    with pytest.raises(Finding, match="is of redoubt/mainnet, not of redoubt/testnet"):
        backup(engine, to)


def test_a_state_that_comes_out_as_something_else_is_not_written(
    engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = engine._answer

    def forgetful(verb: str, args: tuple[str, ...], backend: str, env: Mapping[str, str]) -> tuple[int, str]:
        done = answer(verb, args, backend, env)
        found = engine.backends[backend]
        if verb == "stack import" and found is not None:
            found["deployment"]["resources"].pop()
        return done

    monkeypatch.setattr(engine, "_answer", forgetful)
    with pytest.raises(Finding, match="comes out of a scratch backend as something else"):
        backup(engine, to)
    assert not to.exists()


def test_a_key_in_clear_is_not_written_unless_it_is_said_to_be_none(engine: Engine, to: Path) -> None:
    leaky = state()
    leaky["deployment"]["resources"][1]["inputs"] = {"note": "AGE-SECRET-KEY-1" + "Q" * 58}
    engine.backends["real"] = leaky
    with pytest.raises(Finding, match=r"two\.inputs\.note: holds what looks like an age identity") as refused:
        backup(engine, to)
    assert "QQQ" not in str(refused.value)
    assert not to.exists()
    backup(engine, to, no_secret=["aws:ec2/instance:Instance::two.inputs.note"])
    assert len(list(to.iterdir())) == 2


def test_every_state_is_kept_and_none_is_overwritten(engine: Engine, to: Path) -> None:
    for time in ("2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T11:00:00.5Z"):
        engine.backends["real"] = state(time)
        backup(engine, to)
        backup(engine, to)
    assert len(list(to.iterdir())) == 6


def test_a_state_behind_the_last_backup_is_refused_unless_told(engine: Engine, to: Path) -> None:
    made, _ = backup(engine, to)
    engine.backends["real"] = state("2026-11-21T09:59:59.999999999Z", "one")
    with pytest.raises(Finding, match=r"is older than the last backup: it was written .* with 1 resources") as refused:
        backup(engine, to)
    assert str(made.path) in str(refused.value)
    assert "--older-is-right" in str(refused.value)
    assert len(list(to.iterdir())) == 2
    backup(engine, to, older_is_right=True)
    backup(engine, to)  # it is the last backup now


def test_a_backend_that_was_emptied_and_begun_anew_is_behind(engine: Engine, to: Path) -> None:
    backup(engine, to)
    anew = state("2026-11-22T10:00:00Z")
    for one in anew["deployment"]["resources"]:
        one["id"] += "-another"
    engine.backends["real"] = anew
    with pytest.raises(Finding, match="holds none of the 2 cloud resources of the last backup"):
        refuse_older_than_backup(engine, to)
    engine.backends["real"] = None
    with pytest.raises(Finding, match="is not in its backend"):
        refuse_older_than_backup(engine, to)


def test_a_state_that_went_on_is_not_behind(engine: Engine, to: Path) -> None:
    assert refuse_older_than_backup(engine, to) is None
    made, _ = backup(engine, to)
    assert refuse_older_than_backup(engine, to) == made
    engine.backends["real"] = state("2026-11-22T10:00:00Z", "two", "three")
    assert refuse_older_than_backup(engine, to) == made
    engine.backends["real"] = state("2026-11-21T10:00:00Z", "one")  # edited: the engine keeps the time then
    assert refuse_older_than_backup(engine, to) == made


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["backup", "--to", "b"], 0), (["verify", "--from", "none.json"], 2), (["restore", "--from", "none.json"], 2)],
)
def test_the_exit_status_tells_what_happened(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ops.state.__main__.located", lambda options: engine)
    assert main([arguments[0], "--stack", "testnet", *arguments[1:]]) == expected


def test_a_finding_ends_with_1(
    engine: Engine, to: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, _ = backup(engine, to)
    made.path.write_text("{}")
    monkeypatch.setattr("ops.state.__main__.located", lambda options: engine)
    assert main(["verify", "--stack", "testnet", "--from", str(made.path)]) == 1
    assert "cut off or changed" in capsys.readouterr().err


def test_a_passphrase_in_the_environment_ends_every_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(passphrase.VALUE, "hush")
    monkeypatch.setattr(OwnStack, "pulumi", lambda *args, **settings: pytest.fail("the engine was started"))
    for arguments in (
        ["backup", "--to", "b"],
        ["verify", "--from", "x"],
        ["restore", "--from", "x"],
        ["forget-secrets", "--to", "b"],
    ):
        assert main([arguments[0], "--stack", "testnet", *arguments[1:]]) == 2
        error = capsys.readouterr().err
        assert "PULUMI_CONFIG_PASSPHRASE is set" in error
        assert "hush" not in error


def test_a_rehearsal_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--stack", "testnet", "--rehearsal", str(tmp_path / "none"), "--to", str(tmp_path)]
    assert main(["backup", *arguments]) == 2
    assert "nothing is rehearsed in" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
