"""The search under the real engine: every resource of a real program's state is found in the account, or said why not.

One fleet is made for all tests. A test that changes its account or its state puts it back; the one that could leave the
state poorer is the last.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.recover.search import Finding, Wanted, search
from ops.rehearsal import Rehearsal
from simcloud.ledger import Ledger
from tests.support.samples import shrink

pytestmark = pytest.mark.timeout(600)

DROPLET = "digitalocean:index/droplet:Droplet"
FIREWALL = "digitalocean:index/firewall:Firewall"
MADE_AGAIN = {
    "digitalocean:index/volumeAttachment:VolumeAttachment",
    "digitalocean:index/projectResources:ProjectResources",
}
OTHER_IDS = {
    "aws:ec2/route:Route": "{routeTableId}_{destinationCidrBlock}",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "{subnetId}/{routeTableId}",
    "aws:ec2/volumeAttachment:VolumeAttachment": "{deviceName}:{volumeId}:{instanceId}",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "{cryptoKeyId} {role} {member}",
}
"""Types that are imported by another id than the state's."""
LONGEST = 60
"""Seconds for one search of a whole fleet on a machine that others use too; a real one waits for the clouds."""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    rehearsal = Rehearsal(tmp_path_factory.mktemp("search") / "rehearsal", "testnet", edit=shrink)
    rehearsal.up()
    return rehearsal


@pytest.fixture(scope="module")
def states(fleet: Rehearsal) -> list[dict[str, Any]]:
    return fleet.export()["deployment"]["resources"]


@pytest.fixture
def account(fleet: Rehearsal) -> Iterator[Ledger]:
    ledger = Ledger(fleet.cloud)
    yield ledger
    ledger.close()


def lost(states: list[dict[str, Any]], *types: str) -> list[tuple[dict[str, Any], Wanted]]:
    """Resources of a state, as they would be missing from it."""
    providers = {f"{one['urn']}::{one['id']}": one for one in states if one["type"].startswith("pulumi:providers:")}
    return [
        (
            one,
            Wanted(
                urn=one["urn"],
                type=one["type"],
                name=one["urn"].rpartition("::")[2],
                inputs=one["inputs"],
                provider_inputs=providers[one["provider"]].get("inputs", {}),
                provider_type=providers[one["provider"]]["type"],
                fleet="redoubt",
                stack="testnet",
            ),
        )
        for one in states
        if one.get("provider") and not one.get("external") and (not types or one["type"] in types)
    ]


def expected(state: dict[str, Any]) -> tuple[str, ...]:
    """The id that a resource is imported by."""
    if state["type"] in MADE_AGAIN | {FIREWALL}:
        return ()
    form = OTHER_IDS.get(state["type"])
    return (form.format(**state["inputs"]) if form else state["id"],)


def test_every_resource_of_the_state_is_found_or_said_why_not(fleet: Rehearsal, states: list[dict[str, Any]]) -> None:
    everything = lost(states)
    assert {wanted.type.split(":")[0] for _, wanted in everything} == {"aws", "gcp", "digitalocean"}
    before = fleet.state_file.read_bytes()
    begun = time.monotonic()
    findings = search(fleet, [wanted for _, wanted in everything])
    assert time.monotonic() - begun < LONGEST
    assert [one.urn for one in findings] == [wanted.urn for _, wanted in everything]
    assert {one.urn: one.ids for one in findings} == {state["urn"]: expected(state) for state, _ in everything}
    open_ones = {state["type"] for (state, _), one in zip(everything, findings, strict=True) if one.undecided}
    assert open_ones == {FIREWALL}
    assert fleet.state_file.read_bytes() == before
    assert not list(fleet.state_file.parent.glob("finder*"))


def test_two_droplets_of_one_name_are_told_as_such(
    fleet: Rehearsal, states: list[dict[str, Any]], account: Ledger
) -> None:
    (state, wanted), *_ = lost(states, DROPLET)
    (record,) = [one for one in account.records(type=DROPLET) if one.id == state["id"]]
    twin = "599999999"
    with account.transaction() as transaction:
        transaction.add(
            provider=record.provider,
            region=record.region,
            type=DROPLET,
            id=twin,
            outputs={**record.outputs, "id": twin},
            inputs=record.inputs,
        )
    try:
        (both, other) = search(fleet, [wanted, replace(wanted, known=frozenset({state["id"]}))])
    finally:
        with account.transaction() as transaction:
            for one in transaction.records(type=DROPLET):
                if one.id == twin:
                    transaction.remove(one)
    assert set(both.ids) == {state["id"], twin}
    assert "cannot be told apart" in (both.undecided or "")
    assert (other.ids, other.undecided) == ((twin,), None)


def test_a_provider_that_fails_leaves_its_own_undecided_and_no_others(
    fleet: Rehearsal, states: list[dict[str, Any]], account: Ledger
) -> None:
    """A droplet's record without what every droplet has: the function fails as a whole, as on an answer it cannot read."""
    (state, droplet), *_ = lost(states, DROPLET)
    (_, vpc), *_ = lost(states, "aws:ec2/vpc:Vpc")
    (record,) = [one for one in account.records(type=DROPLET) if one.id == state["id"]]
    with account.transaction() as transaction:
        transaction.change(record, outputs={"id": record.id})
    try:
        broken, fine = search(fleet, [droplet, vpc])
    finally:
        with account.transaction() as transaction:
            transaction.change(record, outputs=record.outputs)
    assert "the provider could not be asked" in (broken.undecided or "")
    assert "dropletUrn" in (broken.undecided or "")
    assert (len(fine.ids), fine.undecided) == (1, None)


def test_what_needs_no_question_needs_no_engine(fleet: Rehearsal, states: list[dict[str, Any]]) -> None:
    class Silent(Rehearsal):
        def pulumi(self, *args: str, **_: Any) -> Any:
            raise AssertionError(f"pulumi {args} was run")

    silent = Silent(fleet.directory, "testnet")
    (_, role), *_ = lost(states, "aws:iam/role:Role")
    (_, vpc), *_ = lost(states, "aws:ec2/vpc:Vpc")
    (_, association), *_ = lost(states, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    waiting = replace(association, inputs={"subnetId": "subnet-1"})
    strange = replace(role, type="toycloud:index/thing:Thing")
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    secret = replace(vpc, provider_inputs={"region": "eu-central-1", "token": mark})
    found = search(silent, [role, waiting, strange, secret])
    assert found[0] == Finding(urn=role.urn, ids=(role.inputs["name"],), how="follows from the inputs")
    assert found[1].waits_for == ("routeTableId",)
    assert "nothing looks up toycloud" in (found[2].undecided or "")
    assert "holds a secret" in (found[3].undecided or "")
    assert "v1:x" not in json.dumps([one.undecided for one in found])
    assert search(silent, []) == []


def test_an_engine_that_cannot_run_is_an_error_with_its_words(fleet: Rehearsal, states: list[dict[str, Any]]) -> None:
    (_, vpc), *_ = lost(states, "aws:ec2/vpc:Vpc")
    provider = replace(vpc, provider_type="pulumi:providers:nowhere")
    with pytest.raises(OperationError, match="the clouds could not be asked") as error:
        search(fleet, [provider])
    assert "nowhere" in str(error.value)
    assert "remedy" in str(error.value)


def test_every_id_that_is_found_is_one_that_a_refresh_reads(fleet: Rehearsal, tmp_path: Path) -> None:
    """As if nothing but the ids were known: the providers read each resource by what was found, and find no change."""
    whole = fleet.export()
    before = {one["urn"]: dict(one) for one in whole["deployment"]["resources"]}
    everything = lost(whole["deployment"]["resources"])
    for (state, _), finding in zip(everything, search(fleet, [wanted for _, wanted in everything]), strict=True):
        if finding.ids:
            state |= {"id": finding.ids[0], "outputs": {}}
    poor = tmp_path / "poor.json"
    poor.write_text(json.dumps(whole))
    fleet.pulumi("stack", "import", "--file", str(poor))
    fleet.pulumi("refresh", "--yes", "--non-interactive", "--suppress-progress", "--suppress-outputs")
    after = {one["urn"]: one for one in fleet.export()["deployment"]["resources"]}
    assert {urn: one.get("id") for urn, one in after.items()} == {urn: one.get("id") for urn, one in before.items()}
    assert {urn: one.get("inputs") for urn, one in after.items()} == {
        urn: one.get("inputs") for urn, one in before.items()
    }
    fleet.preview("--expect-no-changes")
