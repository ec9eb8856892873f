"""Retiring against an engine that is made up: what is listed, which updates run, and each refusal."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ops import retire, stacks
from ops.errors import OperationError
from ops.rehearsal.engine import Echo
from ops.stacks import Completed, OwnStack
from ops.state.backup import backup
from ops.state.export import Finding
from tests.unit.ops.test_state_backup import Engine, state

NAME = "redoubt/testnet"
FREE = "error: a stack named testnet already exists"
KEPT = {"protect": True, "retainOnDelete": True}


def resource(type_: str, name: str, **fields: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:testnet::redoubt::redoubt:aws:Site${type_}::{name}"
    return {"urn": urn, "custom": True, "id": f"id-{name}", "type": type_, **fields}


def whole_fleet() -> list[dict[str, Any]]:
    return [
        {"urn": "urn:pulumi:testnet::redoubt::pulumi:pulumi:Stack::redoubt-testnet", "type": "pulumi:pulumi:Stack"},
        resource("pulumi:providers:aws", "s1-aws"),
        resource("aws:ec2/vpc:Vpc", "s1"),
        resource("aws:kms/key:Key", "s1-volumes", **KEPT),
        resource("aws:ebs/volume:Volume", "s1-cosigner-1", **KEPT),
        resource("aws:ec2/instance:Instance", "s1-cosigner-1", **KEPT),
        resource("aws:ec2/eip:Eip", "s1-gateway-1-public", protect=True),
        resource("aws:ebs/volumeAttachment:VolumeAttachment", "s1-cosigner-1", retainOnDelete=True),
        resource("aws:ec2/instance:Instance", "s1-sentry-1", protect=False),
    ]


class Fleet:
    """A stack whose `up` lets go of everything, and whose `destroy` removes everything but what the test says."""

    stack = "testnet"
    project = "redoubt"
    directory = Path("/nowhere")

    def __init__(self, *resources: dict[str, Any], sticks: str = "") -> None:
        self.resources = list(resources)
        self.sticks = sticks
        self.pending: list[dict[str, Any]] = []
        self.locked = ""
        self.updates: list[str] = []

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return dict(extra or {})

    def command(self, module: str, *args: str) -> str:
        return " ".join((f"python -m ops.{module} --stack testnet", *args))

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        echo: Echo | None = None,
    ) -> Completed:
        del timeout, env, echo
        status, text = 0, ""
        match args[0], args[1]:
            case "stack", "rename":
                status, text = 255, self.locked or FREE
            case "stack", "export":
                text = json.dumps({"deployment": {"resources": self.resources, "pending_operations": self.pending}})
            case "up", _:
                self.updates.append("up")
                self.resources = [
                    {key: value for key, value in one.items() if key not in KEPT} for one in self.resources
                ]
            case "destroy", _:
                assert "--run-program" in args
                self.updates.append("destroy")
                self.resources = [one for one in self.resources if self.sticks and self.sticks in one["urn"]]
                status = 255 if self.resources else 0
            case _:
                raise AssertionError(args)
        if check and status:
            raise OperationError("the key is in use\n  remedy: wait")
        return subprocess.CompletedProcess(args, status, text, "")


@pytest.fixture
def fleet() -> Fleet:
    return Fleet(*whole_fleet())


def test_what_is_kept_is_listed_by_host_and_nothing_else_is(fleet: Fleet) -> None:
    lines = list(retire.listed(fleet))
    assert lines == [
        "kept on purpose in redoubt/testnet: 5 resources; nothing keeps 2 others",
        "  s1-cosigner-1",
        "    aws:ebs/volume:Volume s1-cosigner-1 id-s1-cosigner-1",
        "    aws:ebs/volumeAttachment:VolumeAttachment s1-cosigner-1 id-s1-cosigner-1",
        "    aws:ec2/instance:Instance s1-cosigner-1 id-s1-cosigner-1",
        "  s1-gateway-1",
        "    aws:ec2/eip:Eip s1-gateway-1-public id-s1-gateway-1-public",
        "  of no single host",
        "    aws:kms/key:Key s1-volumes id-s1-volumes",
    ]
    assert fleet.updates == []


def test_the_list_is_there_for_a_fleet_that_may_not_go(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stacks, "chosen", lambda options: fleet)
    assert retire.main(["--stack", "testnet", "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == list(retire.listed(fleet))
    assert fleet.updates == []


def test_a_whole_fleet_goes_in_two_updates_and_what_outlives_it_is_told(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    retire.retire(fleet, NAME)
    assert fleet.updates == ["up", "destroy"]
    told = capsys.readouterr().out
    assert "of what was removed, 1 resources stay in the accounts:\n  Key id-s1-volumes: disabled" in told


def test_a_destroy_that_stopped_is_gone_on_with_and_nothing_is_made_again(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.sticks = "kms/key"
    for _ in range(2):
        with pytest.raises(OperationError, match="the key is in use"):
            retire.retire(fleet, NAME)
        told = capsys.readouterr().out
        assert "0 resources; nothing keeps 1 others\n  of no single host\n    aws:kms/key:Key s1-volumes" in told
    fleet.sticks = ""
    retire.retire(fleet, NAME)
    assert fleet.updates == ["up", "destroy", "destroy", "destroy"]
    retire.retire(fleet, NAME)
    assert "is empty: nothing to remove" in capsys.readouterr().out
    assert len(fleet.updates) == 4


def test_what_is_kept_yet_is_let_go_of_before_anything_is_removed(fleet: Fleet) -> None:
    fleet.resources = [one for one in fleet.resources if "sentry" not in one["urn"]]
    retire.retire(fleet, NAME)
    assert fleet.updates == ["up", "destroy"]


@pytest.mark.parametrize("typed", ["testnet", "redoubt/mainnet", "yes", " redoubt/testnet"])
def test_another_name_than_the_stacks_changes_nothing(fleet: Fleet, typed: str) -> None:
    with pytest.raises(OperationError, match=r"is not redoubt/testnet; nothing was changed\n  remedy: "):
        retire.retire(fleet, typed)
    assert fleet.updates == []


def test_an_update_that_is_not_finished_stands_against_it(fleet: Fleet) -> None:
    fleet.pending = [{"type": "creating", "resource": resource("aws:ec2/vpc:Vpc", "s2")}]
    with pytest.raises(OperationError, match=r"operations are pending\n  remedy: .*ops\.recover"):
        retire.retire(fleet, NAME)
    fleet.locked = (
        "the stack is currently locked by 1 lock(s)\n  x.json: created by ann@b7 (pid 7) at 2026-11-21T10:00:00Z"
    )
    with pytest.raises(OperationError, match="held by ann@b7, process 7, since 2026-11-21T10:00:00Z"):
        retire.retire(fleet, NAME)
    assert fleet.updates == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: No such file"),
        ("", "has no redoubt:fleet under config"),
        ("encryptionsalt: v1:x\n", "has no redoubt:fleet under config"),
        ("config:\n", "has no redoubt:fleet under config"),
        ("config: {redoubt:fleet: 3}\n", "has no redoubt:fleet under config"),
        ("config: {redoubt:fleet: {name: x}}\n", "does not say that this fleet may go"),
        ("config: {redoubt:fleet: {retire: false}}\n", "does not say that this fleet may go"),
        ("config: {redoubt:fleet: {retire: 'true'}}\n", "does not say that this fleet may go"),
        ("config: [\n", "is not valid YAML"),
    ],
)
def test_a_real_fleet_whose_config_does_not_let_it_go_stays(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    message: str,
) -> None:
    if text is not None:
        (tmp_path / "Pulumi.testnet.yaml").write_text(text)
    monkeypatch.setattr(OwnStack, "pulumi", lambda *args, **settings: pytest.fail("the engine was started"))
    monkeypatch.setattr(stacks, "chosen", lambda options: OwnStack("testnet", tmp_path))
    assert retire.main(["--stack", "testnet", "--yes", NAME]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "\n  remedy: " in error


def test_a_real_fleet_whose_config_lets_it_go_goes(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.testnet.yaml").write_text("config: {redoubt:fleet: {retire: true}}\n")
    retire.refuse_unless_told(tmp_path / "Pulumi.testnet.yaml")


def test_an_old_state_is_not_retired_by_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(tmp_path, state())
    backup(engine, tmp_path / "b")
    engine.backends["real"] = state("2026-11-21T09:00:00Z")
    monkeypatch.setattr(retire, "holders", lambda stack: None)
    with pytest.raises(Finding, match="is older than the last backup"):
        retire.retire(engine, "no", backups_dir=tmp_path / "b")
    assert "to be removed" not in capsys.readouterr().out
    for told in ({"backups_dir": tmp_path / "b", "older_is_right": True}, {}):
        with pytest.raises(OperationError, match="'no' is not redoubt/testnet"):
            retire.retire(engine, "no", **told)


def test_an_interruption_is_told_without_a_traceback(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*args: object, **settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(retire, "chosen", lambda options: fleet)
    monkeypatch.setattr(retire, "retire", interrupted)
    assert retire.main(["--stack", "testnet"]) == 130
    assert "run this again: it goes on" in capsys.readouterr().err
