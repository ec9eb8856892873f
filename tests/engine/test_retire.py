"""A whole fleet goes under the real engine, interrupted and stopped on its way: nothing is made again, nothing is left."""

from pathlib import Path
from typing import Any

import pytest

from ops import retire
from ops.errors import OperationError
from ops.rehearsal import Rehearsal
from simcloud import faults
from simcloud.ledger import Ledger
from tests.support.samples import shrink

pytestmark = pytest.mark.timeout(300)

NAME = "redoubt/testnet"
OF_THE_ENGINE = "pulumi:"


class Watched(Rehearsal):
    """A rehearsal that notes its updates and can be interrupted before one."""

    stops_before = ""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, "testnet", edit=lambda config: (shrink(config), retire.retired(config)))
        self.updates: list[str] = []

    def pulumi(self, *args: str, **settings: Any) -> Any:
        if args[0] == self.stops_before:
            raise KeyboardInterrupt
        if args[0] in ("up", "destroy"):
            self.updates.append(args[0])
        return super().pulumi(*args, **settings)

    def account(self) -> set[tuple[str, str]]:
        ledger = Ledger(self.cloud)
        try:
            return {(one.type, one.id) for one in ledger.records(stack="testnet")}
        finally:
            ledger.close()

    def state(self) -> list[dict[str, Any]]:
        return self.export()["deployment"].get("resources") or []


def test_a_fleet_goes_in_two_updates_however_often_it_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_fleet = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    kept_fleet.up()
    rehearsal = Watched(kept_fleet.directory)
    whole = rehearsal.account()

    lines = list(retire.listed(rehearsal))
    wanted = {
        (one["type"], one["urn"].rpartition("::")[2], one["id"])
        for one in rehearsal.state()
        if one.get("protect") or one.get("retainOnDelete")
    }
    assert {tuple(line.split()) for line in lines if line.startswith("    ")} == wanted
    assert {"s1-validator-1", "s1-gateway-1", "s3-cosigner-1"} <= {line.strip() for line in lines}

    with pytest.raises(OperationError, match="'redoubt/mainnet' is not redoubt/testnet; nothing was changed"):
        retire.retire(rehearsal, "redoubt/mainnet")
    assert rehearsal.account() == whole
    assert rehearsal.updates == []

    rehearsal.prepare()  # the config says so from here on
    rehearsal.stops_before = "destroy"
    with pytest.raises(KeyboardInterrupt):
        retire.retire(rehearsal, NAME)
    rehearsal.stops_before = ""
    assert rehearsal.updates == ["up"]
    assert rehearsal.account() == whole
    assert list(retire.listed(rehearsal))[1:] == []

    ledger = Ledger(rehearsal.cloud)
    faults.add(ledger, faults.Fault(kind="fail", operation="delete", type="aws:kms/key:Key", name="*-volumes"))
    ledger.close()
    capsys.readouterr()
    with pytest.raises(OperationError, match="destroy"):
        retire.retire(rehearsal, NAME)
    assert rehearsal.updates == ["up", "destroy"]
    left = {
        (one["type"], one["urn"].rpartition("::")[2], one["id"])
        for one in rehearsal.state()
        if one.get("custom") and not one["type"].startswith(OF_THE_ENGINE)
    }
    assert any(kind == "aws:kms/key:Key" for kind, _, _ in left)
    assert not any(kind == "aws:ec2/instance:Instance" for kind, _, _ in left)
    told = capsys.readouterr().out.partition("kept on purpose in redoubt/testnet: 0 resources; ")[2]
    listed = told.partition("of what was removed")[0]
    assert {tuple(line.split()) for line in listed.splitlines() if line.startswith("    ")} == left

    retire.retire(rehearsal, NAME)
    assert rehearsal.updates == ["up", "destroy", "destroy"], "nothing is made again"
    assert rehearsal.state() == []
    assert {kind for kind, _ in rehearsal.account()} <= retire.OUTLIVES.keys()
