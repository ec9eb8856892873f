"""Emptying a rehearsal, whatever state it is in."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.rehearsal import Rehearsal, RehearsalError, teardown


@pytest.fixture
def mainnet(rehearsal, committed):
    return Rehearsal(rehearsal.directory, "mainnet", committed.folder)


def lock(rehearsal, text):
    folder = rehearsal.directory / "state/.pulumi/locks/organization/redoubt" / rehearsal.stack
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.json").write_text(text)


def of_process(pid):
    return json.dumps({"pid": pid, "hostname": socket.gethostname(), "username": "me"})


def test_nothing_there_is_nothing_to_do(rehearsal):
    assert "nothing to remove" in teardown.down(rehearsal)[0]


def test_the_last_stack_takes_the_whole_folder_with_it(rehearsal):
    rehearsal.up()
    said = teardown.down(rehearsal)
    assert not rehearsal.directory.exists()
    assert said[-1] == "nothing is left of testnet"
    assert "nothing to remove" in teardown.down(rehearsal)[0]


def test_another_stack_keeps_its_state_and_what_it_shares(rehearsal, mainnet):
    rehearsal.up()
    mainnet.up()
    kept = (mainnet.state_file.read_bytes(), mainnet.stack_file.read_bytes())
    passphrase = (rehearsal.directory / "passphrase").read_text()
    said = teardown.down(rehearsal)
    assert said[-1] == "nothing is left of testnet; kept: mainnet"
    assert not rehearsal.state_file.exists()
    assert not rehearsal.stack_file.exists()
    assert (mainnet.state_file.read_bytes(), mainnet.stack_file.read_bytes()) == kept
    assert (rehearsal.directory / "passphrase").read_text() == passphrase


def test_only_this_stacks_records_leave_the_account(rehearsal, mainnet):
    ledger = pytest.importorskip("simcloud.ledger")
    rehearsal.up()
    mainnet.up()
    account = ledger.open_ledger(rehearsal.cloud)
    with account.transaction() as transaction:
        for stack in ("testnet", "mainnet"):
            transaction.add(
                provider="aws", region="eu-central-1", type="aws:ec2/vpc:Vpc", id=f"vpc-{stack}",
                urn=f"urn:pulumi:{stack}::redoubt::aws:ec2/vpc:Vpc::vpc", inputs={}, outputs={},
            )  # fmt: skip
    account.close()
    assert "1 records of stack testnet removed" in teardown.down(rehearsal)[0]
    account = ledger.open_ledger(rehearsal.cloud)
    assert [record.stack for record in account.records()] == ["redoubt/mainnet"]
    account.close()


def test_a_damaged_account_is_no_obstacle_when_it_goes_anyway(rehearsal):
    rehearsal.up()
    rehearsal.cloud.write_text("this is no database, and long enough to be read as one" * 100)
    teardown.down(rehearsal)
    assert not rehearsal.directory.exists()


def test_a_damaged_account_that_others_use_is_told_with_the_remedy(rehearsal, mainnet):
    rehearsal.up()
    mainnet.up()
    rehearsal.cloud.write_text("this is no database, and long enough to be read as one" * 100)
    with pytest.raises(RehearsalError, match=r"cloud\.sqlite cannot be read") as caught:
        teardown.down(rehearsal)
    assert "remedy: " in str(caught.value)
    assert rehearsal.state_file.exists(), "nothing was removed"


@pytest.mark.parametrize(
    "broken",
    [
        lambda r: r.state_file.write_text("half a sta"),
        lambda r: r.stack_file.write_text("config: ["),
        lambda r: r.stack_file.unlink(),
        lambda r: (r.directory / "passphrase").write_text("another one"),
        lambda r: (r.directory / "Pulumi.yaml").write_text("half"),
        lambda r: shutil.rmtree(r.directory / "state"),
        lambda r: shutil.rmtree(r.directory / "material"),
        lambda r: lock(r, "half a lo"),
    ],
)
def test_a_crash_anywhere_is_no_obstacle(rehearsal, broken):
    rehearsal.up()
    broken(rehearsal)
    teardown.down(rehearsal)
    assert not rehearsal.directory.exists()


def test_the_lock_of_a_dead_process_is_removed(rehearsal):
    rehearsal.up()
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    lock(rehearsal, of_process(process.pid))
    teardown.down(rehearsal)
    assert not rehearsal.directory.exists()


def test_the_lock_of_a_process_that_is_no_engine_is_removed(rehearsal):
    rehearsal.up()
    lock(rehearsal, of_process(os.getpid()))
    teardown.down(rehearsal)
    assert not rehearsal.directory.exists()


def test_a_running_update_is_left_alone(rehearsal, tmp_path):
    rehearsal.up()
    pulumi = tmp_path / "pulumi"
    shutil.copy("/bin/sleep", pulumi)
    with subprocess.Popen([pulumi, "60"]) as process:
        try:
            while Path(f"/proc/{process.pid}/comm").read_text() != "pulumi\n":
                time.sleep(0.01)  # a process has its own name a moment after it was started
            lock(rehearsal, of_process(process.pid))
            with pytest.raises(RehearsalError, match=rf"is running \(process {process.pid}\)\n  remedy: wait for it"):
                teardown.down(rehearsal)
        finally:
            process.kill()
    assert rehearsal.state_file.exists()


def test_a_name_that_was_never_a_stack_is_told_with_those_that_are(rehearsal, committed):
    rehearsal.up()
    with pytest.raises(RehearsalError, match="no stack 'tesnet', neither rehearsed nor committed") as caught:
        teardown.down(Rehearsal(rehearsal.directory, "tesnet", committed.folder))
    assert "mainnet, testnet" in str(caught.value)


def test_a_rehearsed_stack_whose_committed_file_has_gone_can_still_be_removed(rehearsal, committed):
    rehearsal.up()
    (committed.folder / "Pulumi.testnet.yaml").unlink()
    teardown.down(rehearsal)
    assert not rehearsal.directory.exists()
