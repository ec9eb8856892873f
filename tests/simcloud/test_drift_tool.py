"""`python -m simcloud change`: what somebody does at a cloud's console, behind the engine's back."""

import json
from typing import Any

import pytest

from simcloud import drift
from simcloud.__main__ import main
from simcloud.aws import tokens
from simcloud.core.errors import SimcloudError
from simcloud.drift import Place
from simcloud.ledger import Ledger, Record
from tests.simcloud.driver import Cloud, World
from tests.simcloud.gcp_samples import GCP


def change(ledger: Ledger, *arguments: str) -> int:
    return main(["--ledger", str(ledger.path), "change", *arguments])


def record(ledger: Ledger, kind: str, name: str | None = None) -> Record:
    return next(one for one in ledger.records(type=kind) if name in (None, one.name))


def kinds(ledger: Ledger) -> set[str]:
    return {one.type for one in ledger.records()}


def test_a_deleted_host_takes_along_what_the_cloud_would_take(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = world.cloud.ledger
    made = world.have(tokens.VOLUME_ATTACHMENT)
    host = next(one for one in ledger.records(type=tokens.INSTANCE) if one.id == made["instanceId"])
    assert change(ledger, "set", tokens.INSTANCE, host.name, "disableApiTermination", "true") == 0
    assert change(ledger, "delete", tokens.INSTANCE, host.name) == 0
    out = capsys.readouterr().out
    assert f"gone: {tokens.INSTANCE} {host.name}" in out
    assert f"gone: {tokens.VOLUME_ATTACHMENT} {made.name}" in out
    assert tokens.INSTANCE not in kinds(ledger)
    assert tokens.NETWORK_INTERFACE not in kinds(ledger)
    assert tokens.VOLUME in kinds(ledger)


def test_a_deleted_volume_is_detached_first(world: World) -> None:
    world.have(tokens.VOLUME_ATTACHMENT)
    ledger = world.cloud.ledger
    gone = drift.delete(ledger, Place(type=tokens.VOLUME, name=record(ledger, tokens.VOLUME).name))
    assert {one.type for one in gone} == {tokens.VOLUME, tokens.VOLUME_ATTACHMENT}
    assert tokens.INSTANCE in kinds(ledger)


def test_what_the_cloud_refuses_is_refused_unless_it_is_forced(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.have(tokens.SUBNET)
    ledger = world.cloud.ledger
    vpc = record(ledger, tokens.VPC)
    assert change(ledger, "delete", tokens.VPC, vpc.name) == 2
    assert "DependencyViolation" in capsys.readouterr().err
    assert change(ledger, "delete", "--force", tokens.VPC, vpc.name) == 0
    assert tokens.VPC not in kinds(ledger)
    assert tokens.SUBNET in kinds(ledger)


def test_a_released_address_leaves_its_host_running(world: World) -> None:
    world.have(tokens.EIP_ASSOCIATION)
    ledger = world.cloud.ledger
    gone = drift.release(ledger, Place(type=tokens.EIP, name=record(ledger, tokens.EIP).name))
    assert {one.type for one in gone} == {tokens.EIP, tokens.EIP_ASSOCIATION}
    assert tokens.INSTANCE in kinds(ledger)


def test_a_key_stays_pending_its_deletion_and_counts_as_gone(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    key = world.have(tokens.KEY)
    assert change(world.cloud.ledger, "schedule-deletion", tokens.KEY, key.name) == 0
    assert "PendingDeletion" in capsys.readouterr().out
    assert world.cloud.read(key) is None


def test_a_gcp_key_stays_and_shows_its_version_as_to_be_destroyed(ledger: Ledger) -> None:
    world = World(Cloud(ledger, GCP))
    made = world.have("gcp:kms/cryptoKey:CryptoKey")
    key = drift.schedule_deletion(ledger, Place(type=made.type, name=made.name))
    assert key.outputs["primaries"][0]["state"] == "DESTROY_SCHEDULED"


@pytest.mark.parametrize(
    ("path", "value", "after"),
    [
        ("size", "80", {"size": 80}),
        ("tags", "{}", {"tags": {}, "tagsAll": {}}),
        ('tags["a:b"]', "text", {"tags": {"a:b": "text"}, "tagsAll": {"a:b": "text"}}),
        ("tags.Name", "null", {"tags": {"Name": None}, "tagsAll": {"Name": None}}),
        ("list[1].x", "true", {"list": [{"x": 1}, {"x": True}]}),
    ],
)
def test_a_property_is_set_by_its_path(world: World, path: str, value: str, after: dict[str, Any]) -> None:
    made = world.have(tokens.VOLUME)
    ledger = world.cloud.ledger
    before = record(ledger, tokens.VOLUME)
    with ledger.transaction() as transaction:
        outputs = {**before.outputs, "tags": {}, "tagsAll": {}, "list": [{"x": 1}, {"x": 2}]}
        transaction.change(before, outputs=outputs)
    assert change(ledger, "set", tokens.VOLUME, made.name, path, value) == 0
    outputs = record(ledger, tokens.VOLUME).outputs
    assert {name: outputs[name] for name in after} == after


@pytest.mark.parametrize("path", ["", "[0]", "a..b", 'tags["x', "size.unit", "size[0]", "list[9]"])
def test_a_path_that_leads_nowhere_is_refused(world: World, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = world.have(tokens.VOLUME)
    before = dict(record(world.cloud.ledger, tokens.VOLUME).outputs)
    assert change(world.cloud.ledger, "set", tokens.VOLUME, made.name, path, "1") == 2
    assert "error: " in capsys.readouterr().err
    assert dict(record(world.cloud.ledger, tokens.VOLUME).outputs) == before


def test_tags_are_stripped_where_there_can_be_any(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    made = world.have(tokens.VOLUME_ATTACHMENT)
    ledger = world.cloud.ledger
    volume = record(ledger, tokens.VOLUME)
    with ledger.transaction() as transaction:
        transaction.change(volume, outputs={**volume.outputs, "tags": {"a": "b"}, "tagsAll": {"a": "b"}})
    assert change(ledger, "strip-tags", tokens.VOLUME, volume.name) == 0
    assert record(ledger, tokens.VOLUME).outputs["tags"] == {}
    assert record(ledger, tokens.VOLUME).outputs["tagsAll"] == {}
    assert change(ledger, "strip-tags", tokens.VOLUME_ATTACHMENT, made.name) == 2
    assert "neither tags nor labels" in capsys.readouterr().err


def test_a_rule_and_a_group_are_opened(world: World) -> None:
    rule = world.have(tokens.INGRESS_RULE)
    ledger = world.cloud.ledger
    assert change(ledger, "open", tokens.INGRESS_RULE, rule.name, "--source", "203.0.113.0/24") == 0
    assert record(ledger, tokens.INGRESS_RULE).outputs["cidrIpv4"] == "203.0.113.0/24"
    group = next(one for one in ledger.records(type=tokens.SECURITY_GROUP) if one.urn)
    assert change(ledger, "open", tokens.SECURITY_GROUP, group.name, "--port", "26656") == 0
    (block,) = record(ledger, tokens.SECURITY_GROUP, group.name).outputs["ingress"]
    assert (block["fromPort"], block["cidrBlocks"]) == (26656, ["0.0.0.0/0"])


@pytest.mark.parametrize("what", ["open", "release", "schedule-deletion"])
def test_what_a_type_cannot_is_refused(world: World, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = world.have(tokens.VPC)
    assert change(world.cloud.ledger, what, tokens.VPC, made.name) == 2
    assert "name one of" in capsys.readouterr().err


def test_a_resource_that_is_not_there_is_named_with_those_that_are(world: World) -> None:
    made = world.have(tokens.VPC)
    ledger = world.cloud.ledger
    with pytest.raises(SimcloudError, match=f"name one of {made.name}"):
        drift.find(ledger, Place(type=tokens.VPC, name="other"))
    with pytest.raises(SimcloudError, match="simcloud ls"):
        drift.find(ledger, Place(type="x", name="other"))


def test_two_stacks_with_one_name_are_told_apart(world: World) -> None:
    made = world.have(tokens.VPC)
    ledger = world.cloud.ledger
    first = record(ledger, tokens.VPC)
    with ledger.transaction() as transaction:
        transaction.add(
            provider="aws",
            region=first.region,
            type=first.type,
            id="vpc-other",
            urn=first.urn.replace("pulumi:unit::", "pulumi:other::"),
            outputs=first.outputs,
        )
    with pytest.raises(SimcloudError, match="add --stack"):
        drift.find(ledger, Place(type=tokens.VPC, name=made.name))
    assert drift.find(ledger, Place(type=tokens.VPC, name=made.name, stack="other")).id == "vpc-other"


def test_values_are_json_or_text(world: World) -> None:
    made = world.have(tokens.VOLUME)
    ledger = world.cloud.ledger
    for text in ('["a"]', "false", "plain text", "10.0.0.0/8"):
        change(ledger, "set", tokens.VOLUME, made.name, "x", text)
        expected = json.loads(text) if text[0] in "[f" else text
        assert record(ledger, tokens.VOLUME).outputs["x"] == expected
