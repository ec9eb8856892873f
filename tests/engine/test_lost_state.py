"""State and backups are gone, the fleet goes on: all of it is found in the accounts again, and nothing is made twice."""

from pathlib import Path

import pytest

from ops.recover.recovery import Answers, Recovery
from ops.rehearsal import Rehearsal
from tests.support.killed import MACHINES, records
from tests.support.samples import shrink

pytestmark = pytest.mark.timeout(900)

MADE_AGAIN = {
    "digitalocean:index/volumeAttachment:VolumeAttachment",
    "digitalocean:index/projectResources:ProjectResources",
}
"""What no provider imports; making it again takes what is there (ops.recover.lookups.digitalocean)."""


def test_a_fleet_whose_state_is_lost_is_found_again_host_by_host(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    rehearsal.up()
    before = {one.urn: one.id for one in records(rehearsal)}
    rehearsal.state_file.unlink()
    rehearsal.pulumi("stack", "init", "testnet", "--secrets-provider", "passphrase", "--non-interactive")

    told: list[str] = []
    done = Recovery(rehearsal, Answers(state_lost=True), told.append).run()
    assert not done, "a key ring is the operator's to decide"
    assert {one.urn: one.id for one in records(rehearsal)} == before, "recovery made or deleted something"
    undecided = {"gcp:kms/keyRing:KeyRing", "digitalocean:index/firewall:Firewall"}
    known = {urn: id_ for urn, id_ in before.items() if urn.split("::")[2].rpartition("$")[2] in undecided}
    assert Recovery(rehearsal, Answers(state_lost=True, imports=known), told.append).run(), "\n".join(told)
    assert {one.urn: one.id for one in records(rehearsal)} == before

    state = {one["urn"]: one.get("id") for one in rehearsal.export()["deployment"]["resources"] if one.get("custom")}
    missing = {urn.split("::")[2].rpartition("$")[2] for urn in before if state.get(urn) != before[urn]}
    assert missing <= MADE_AGAIN
    rehearsal.up()
    after = {one.urn: one.id for one in records(rehearsal)}
    assert after.keys() == before.keys()
    hosts = {
        urn
        for urn in before
        if urn.split("::")[2].rpartition("$")[2] in MACHINES or "olume:Volume" in urn or "isk:Disk" in urn
    }
    assert {urn: after[urn] for urn in hosts} == {urn: before[urn] for urn in hosts}
