"""Signing hosts under the real engine: one at a time, never by a destroy, never twice; and a fleet that may go, goes."""

import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ops import retire
from ops.recover.recovery import Answers, Recovery
from ops.rehearsal import Rehearsal, RehearsalError
from simcloud import faults
from simcloud.ledger import Ledger, Record
from tests.support.samples import shrink
from toolchain import tools
from toolchain.layout import REPOSITORY

pytestmark = pytest.mark.timeout(600)

QUIET = ("--suppress-outputs",)
MACHINES = {"aws:ec2/instance:Instance", "gcp:compute/instance:Instance", "digitalocean:index/droplet:Droplet"}
BIGGER = {"aws": "m7i.xlarge", "gcp": "n2-standard-4"}


def small(config: dict[str, Any], *, bigger: bool = False, let_go: tuple[str, ...] = ()) -> None:
    shrink(config)
    config["let_go"] = list(let_go)
    if bigger:
        for site in config["sites"][:2]:
            site["machines"] = {
                **site.get("machines", {}),
                "cosigner": {"type": BIGGER[site["provider"]], "data_gb": 10},
            }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guard") / "rehearsal"
    Rehearsal(folder, "testnet", edit=small).up()
    return folder


def with_(folder: Path, **change: Any) -> Rehearsal:
    return Rehearsal(folder, "testnet", edit=lambda config: small(config, **change))


def records(folder: Path) -> list[Record]:
    ledger = Ledger(folder / "cloud.sqlite")
    try:
        return ledger.records(stack="testnet")
    finally:
        ledger.close()


def sizes(folder: Path) -> dict[str, str]:
    return {
        one.name: str(one.outputs.get("instanceType") or one.outputs.get("machineType"))
        for one in records(folder)
        if one.type in MACHINES and "cosigner" in one.name
    }


def urn(rehearsal: Rehearsal, name: str) -> str:
    state = rehearsal.export()["deployment"]["resources"]
    (found,) = [one["urn"] for one in state if one["type"] in MACHINES and one["urn"].endswith(f"::{name}")]
    return found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--run-program"),
        (("-f",), "--run-program"),
        (("--run-program",), "protected"),
        (("-f", "--run-program"), "is kept"),
        (("-f", "--run-program", "--ignore-protect"), "is kept"),
    ],
    ids=["plain", "forced", "program", "forced-program", "unprotected"],
)
def test_no_destroy_takes_a_signing_host_or_a_part_of_it(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    rehearsal = with_(folder)
    all_ = {(one.type, one.id) for one in records(folder)}
    signing = {(one.type, one.id) for one in records(folder) if "-cosigner-1" in one.name or "-validator-1" in one.name}
    with pytest.raises(RehearsalError, match=message) as refused:
        rehearsal.destroy(*arguments)
    assert "retire: true" in str(refused.value)
    left = {(one.type, one.id) for one in records(folder)}
    if "is kept" not in message:
        assert left == all_
        return
    assert {kind for kind, _ in signing if kind in MACHINES} == MACHINES
    assert {one for one in signing if "Rule" not in one[0] and "firewall" not in one[0].lower()} <= left
    rehearsal.up(*QUIET)  # what a forced destroy took of the rest comes back


def test_a_destroy_of_what_is_not_protected_cuts_no_kept_host_off(folder: Path) -> None:
    """Routes, NAT and rules are not protected, but what is protected depends on them."""
    rehearsal = with_(folder)
    before = {(one.type, one.name) for one in records(folder)}
    rehearsal.destroy("--exclude-protected", "--run-program")
    gone = before - {(one.type, one.name) for one in records(folder)}
    assert gone  # sentries and monitors, with what they alone need
    ways = ("Route", "RouteTableAssociation", "NatGateway", "RouterNat", "Rule", "Firewall")
    assert [
        one for one in gone if one[0].endswith(ways) and "-sentry-" not in one[1] and "-monitor-" not in one[1]
    ] == []
    rehearsal.up(*QUIET)


def test_a_host_that_is_let_go_and_replaced_in_one_update_has_no_twin(folder: Path) -> None:
    """The state retains the old droplet still: its deletion would leave it in the account, beside the new one."""
    host = "s3-cosigner-1"
    rehearsal = with_(folder, let_go=(host,))
    where = urn(rehearsal, host)

    def droplets() -> list[str]:
        return [one.id for one in records(folder) if one.type in MACHINES and one.name == host]

    before = droplets()
    with pytest.raises(RehearsalError, match="let_go has not been applied yet") as refused:
        rehearsal.up(*QUIET, "--replace", where, "--ignore-protect")
    assert "run `pulumi up` without the change first" in str(refused.value)
    assert droplets() == before
    state = rehearsal.export()["deployment"]["resources"]
    for one in state:
        if one.get("protect") and one["urn"].endswith(f"::{host}"):
            rehearsal.pulumi("state", "unprotect", one["urn"], "--yes")
    with pytest.raises(RehearsalError, match="let_go has not been applied yet"):
        rehearsal.up(*QUIET, "--replace", where)
    assert droplets() == before
    rehearsal.up(*QUIET)  # let_go alone
    rehearsal.up(*QUIET, "--replace", where)
    after = droplets()
    assert len(after) == 1
    assert after != before
    with_(folder).up(*QUIET)


def test_a_site_can_go_with_its_key_when_its_kept_hosts_were_let_go(folder: Path) -> None:
    """Its volumes are looked for by the provider of the state, since the program knows the site no more."""
    fourth = {"id": 4, "name": "fourth", "provider": "aws", "region": "eu-west-1", "egress": "sealed"}

    def more(*let_go: str) -> Rehearsal:
        def edit(config: dict[str, Any]) -> None:
            small(config, let_go=let_go)
            config["sites"].append(fourth)

        return Rehearsal(folder, "testnet", edit=edit)

    more().up(*QUIET)
    without = with_(folder)
    with pytest.raises(RehearsalError, match="protected"):
        without.up(*QUIET)
    more("s4-gateway-1").up(*QUIET)
    assert [one for one in records(folder) if one.name == "s4-volumes"]
    without.up(*QUIET)
    left = [one for one in records(folder) if one.name.startswith("s4-") and one.type not in retire.OUTLIVES]
    assert left == []


def test_of_two_hosts_that_were_let_go_one_is_replaced_and_the_other_refused(folder: Path) -> None:
    both = with_(folder, let_go=("s2-cosigner-1", "s2-gateway-1"))
    both.up(*QUIET)
    ids = {one.name: one.id for one in records(folder) if one.type in MACHINES}
    wanted = [word for host in ("s2-cosigner-1", "s2-gateway-1") for word in ("--replace", urn(both, host))]
    with pytest.raises(RehearsalError, match="one host of a signing group goes down at a time"):
        both.up(*QUIET, *wanted)
    both.up(*QUIET)
    machines = [one for one in records(folder) if one.type in MACHINES]
    assert set(Counter(one.name for one in machines).values()) == {1}
    assert ids.keys() == {one.name for one in machines}
    with_(folder).up(*QUIET)


def test_a_droplet_whose_reply_was_lost_is_not_made_a_second_time(folder: Path) -> None:
    more = Rehearsal(folder, "testnet", edit=lambda config: (small(config), config["sites"][2].update(sentries=1)))
    ledger = Ledger(folder / "cloud.sqlite")
    faults.add(ledger, faults.Fault(kind="lose", type="digitalocean:index/droplet:Droplet"))
    ledger.close()
    with pytest.raises(RehearsalError):
        more.up(*QUIET)
    with pytest.raises(RehearsalError, match="of that name already, which the state does not know") as refused:
        more.up(*QUIET)
    assert "make recover STACK=testnet" in str(refused.value)
    assert len([one for one in records(folder) if one.name == "s3-sentry-1" and one.type in MACHINES]) == 1
    assert Recovery(more, Answers(), lambda _: None).run()
    more.up(*QUIET)
    assert len([one for one in records(folder) if one.name == "s3-sentry-1" and one.type in MACHINES]) == 1
    with_(folder).up(*QUIET)


def test_a_second_operator_is_told_who_is_at_work_and_since_when(folder: Path) -> None:
    """Two updates of one stack at once; the other one's stack in the same account is not held up (test_fleet)."""
    rehearsal = with_(folder)
    rehearsal.prepare()
    ledger = Ledger(folder / "cloud.sqlite")
    faults.add(ledger, faults.Fault(kind="delay", operation="update", seconds=8.0))
    ledger.close()
    changed = Rehearsal(
        folder,
        "testnet",
        edit=lambda config: (small(config), config["access"].update(admin_cidrs=["198.18.0.7/32"])),
    )
    changed.prepare()
    command = [str(tools.read(REPOSITORY).pulumi), "up", "--yes", "--skip-preview", "--non-interactive"]
    with subprocess.Popen(
        command, cwd=folder, env=changed.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as first:
        locks = folder / "state" / ".pulumi" / "locks"
        deadline = time.monotonic() + 60
        while not list(locks.rglob("*.json")) and time.monotonic() < deadline:
            threading.Event().wait(0.05)
        with pytest.raises(RehearsalError, match="locked") as refused:
            changed.up()
        assert first.wait() == 0
    assert f"pid {first.pid}" in str(refused.value)
    assert "make recover STACK=testnet" in str(refused.value)


def test_of_two_cosigners_that_a_change_would_stop_one_is_changed_and_the_next_update_does_the_other(
    folder: Path,
) -> None:
    before = sizes(folder)
    bigger = with_(folder, bigger=True)
    with pytest.raises(RehearsalError, match="refused to change") as refused:
        bigger.up(*QUIET)
    assert "s1-cosigner-1" in str(refused.value)
    assert "s2-cosigner-1" in str(refused.value)
    assert "run the update again" in str(refused.value)
    between = sizes(folder)
    assert len(before.items() - between.items()) == 1
    bigger.up(*QUIET)
    after = sizes(folder)
    assert len(before.items() - after.items()) == 2
    bigger.up("--expect-no-changes", *QUIET)


def test_a_key_is_not_deleted_while_a_volume_outside_the_state_needs_it_and_then_all_is_gone(folder: Path) -> None:
    """A volume with our tags that somebody made in the console, of a snapshot for example: without the key nobody could
    read it."""
    rehearsal = Rehearsal(folder, "testnet", edit=lambda config: (small(config), retire.retired(config)))
    rehearsal.up(*QUIET)
    (volume,) = [one for one in records(folder) if one.type == "aws:ebs/volume:Volume" and one.name == "s1-cosigner-1"]
    ledger = Ledger(folder / "cloud.sqlite")
    with ledger.transaction() as transaction:
        transaction.add(
            provider=volume.provider, region=volume.region, type=volume.type, id="vol-copy", outputs=volume.outputs
        )
    with pytest.raises(RehearsalError, match="vol-copy cannot be read without it") as refused:
        rehearsal.destroy("--run-program")
    assert "refused to delete kms/key s1-volumes" in str(refused.value)
    with ledger.transaction() as transaction:
        (record,) = [one for one in transaction.records(type=volume.type) if one.id == "vol-copy"]
        transaction.remove(record)
    ledger.close()
    retire.retire(rehearsal, "redoubt/testnet")
    left = [one for one in records(folder) if one.type not in retire.OUTLIVES]
    assert left == []
