"""Volumes and attachments: kinds and sizes, one zone, one instance, one device name, growth only."""

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import RefusedError, World, paths


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"size": None}, "size"),
        ({"type": "io2"}, "iops"),
        ({"type": "gp2", "iops": 3000}, "iops"),
        ({"type": "gp2", "throughput": 200}, "throughput"),
        ({"throughput": 124}, "throughput"),
        ({"multiAttachEnabled": True}, "multiAttachEnabled"),
        ({"kmsKeyId": "00000000-0000-4000-8000-000000000001"}, "kmsKeyId"),
        ({"type": "gp4"}, "type"),
    ],
)
def test_a_volume_has_what_its_kind_takes(world: World, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.VOLUME, "x", world.sample(tokens.VOLUME, **change))
    assert error.value.properties == {refused}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"availabilityZone": "eu-central-1z"}, "InvalidZone.NotFound"),
        ({"snapshotId": "snap-1"}, "InvalidSnapshot.NotFound"),
        ({"size": 0}, "InvalidParameterValue"),
        ({"size": 65537}, "InvalidParameterValue"),
        ({"type": "st1"}, "InvalidParameterValue"),
        ({"encrypted": False}, "InvalidParameterDependency"),
        ({"encrypted": None}, "InvalidParameterDependency"),
        ({"kmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/none"}, "InvalidKmsKeyId"),
    ],
)
def test_aws_refuses_a_volume_that_cannot_be(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, **change))
    assert error.value.code == expected


def test_a_volume_grows_in_place_and_never_shrinks(world: World) -> None:
    volume = world.have(tokens.VOLUME)
    grown = world.sample(tokens.VOLUME, size=20)
    assert paths(world.cloud.diff(volume, grown)) == {"size": "UPDATE"}
    assert world.cloud.update(volume, grown)["size"] == 20
    with pytest.raises(CloudError, match="New size cannot be smaller"):
        world.cloud.update(volume, world.sample(tokens.VOLUME, size=10))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"encrypted": False, "kmsKeyId": None}, {"encrypted": "UPDATE_REPLACE"}),
        ({"availabilityZone": "eu-central-1b"}, {"availabilityZone": "UPDATE_REPLACE"}),
        ({"type": "gp2"}, {"type": "UPDATE"}),
        ({"iops": 4000}, {"iops": "UPDATE"}),
    ],
)
def test_a_change_replaces_a_volume_only_where_it_does_at_aws(world: World, change: dict, expected: dict) -> None:
    answer = world.cloud.diff(world.have(tokens.VOLUME), world.sample(tokens.VOLUME, **change))
    assert paths(answer) == expected


def test_performance_that_was_not_asked_for_follows_the_kind(world: World) -> None:
    volume = world.have(tokens.VOLUME)
    assert (volume["iops"], volume["throughput"]) == (3000, 125)
    assert world.cloud.update(volume, world.sample(tokens.VOLUME, type="gp2", size=500))["iops"] == 1500


def test_an_attached_volume_stays(world: World) -> None:
    attachment = world.have(tokens.VOLUME_ATTACHMENT)
    volume = world.have(tokens.VOLUME)
    with pytest.raises(CloudError) as error:
        world.cloud.delete(volume)
    assert error.value.code == "VolumeInUse"
    world.cloud.delete(attachment)
    world.cloud.delete(volume)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"instanceId": "i-00000000dead"}, "InvalidInstanceID.NotFound"),
        ({"volumeId": "vol-00000000dead"}, "InvalidVolume.NotFound"),
        ({"deviceName": "/dev/xvda"}, "InvalidParameterValue"),
    ],
)
def test_an_attachment_needs_both_ends_and_a_free_name(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.VOLUME_ATTACHMENT, world.sample(tokens.VOLUME_ATTACHMENT, **change))
    assert error.value.code == expected


def test_volume_and_instance_are_in_one_zone(world: World) -> None:
    elsewhere = world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, availabilityZone="eu-central-1b"))
    with pytest.raises(CloudError, match=r"InvalidVolume\.ZoneMismatch"):
        world.cloud.create(tokens.VOLUME_ATTACHMENT, world.sample(tokens.VOLUME_ATTACHMENT, volumeId=elsewhere.id))


def test_a_device_name_is_used_once(world: World) -> None:
    world.have(tokens.VOLUME_ATTACHMENT)
    second = world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME))
    props = world.sample(tokens.VOLUME_ATTACHMENT, volumeId=second.id)
    with pytest.raises(CloudError, match="Attachment point /dev/sdf is already in use"):
        world.cloud.create(tokens.VOLUME_ATTACHMENT, props)
    world.cloud.create(tokens.VOLUME_ATTACHMENT, {**props, "deviceName": "/dev/sdg"})


def test_a_volume_is_at_one_instance_unless_it_is_made_for_more(world: World) -> None:
    world.have(tokens.VOLUME_ATTACHMENT)
    other = world.cloud.create(tokens.INSTANCE, world.sample(tokens.INSTANCE, privateIp=None))
    props = world.sample(tokens.VOLUME_ATTACHMENT, instanceId=other.id)
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.VOLUME_ATTACHMENT, props)
    assert error.value.code == "VolumeInUse"
    shared = {"type": "io2", "iops": 1000, "multiAttachEnabled": True}
    volume = world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, **shared))
    for instance_id in (other.id, world.have(tokens.INSTANCE).id):
        ends = {"instanceId": instance_id, "volumeId": volume.id, "deviceName": "/dev/sdg"}
        world.cloud.create(tokens.VOLUME_ATTACHMENT, ends)


def test_an_attachment_that_exists_is_taken_as_it_is(world: World) -> None:
    first = world.have(tokens.VOLUME_ATTACHMENT)
    again = world.cloud.create(tokens.VOLUME_ATTACHMENT, world.sample(tokens.VOLUME_ATTACHMENT))
    assert again.id == first.id
    assert len(world.cloud.ledger.records(type=tokens.VOLUME_ATTACHMENT)) == 1


def test_skip_destroy_leaves_the_volume_attached(world: World) -> None:
    props = world.sample(tokens.VOLUME_ATTACHMENT, skipDestroy=True)
    world.cloud.delete(world.cloud.create(tokens.VOLUME_ATTACHMENT, props))
    with pytest.raises(CloudError, match="VolumeInUse"):
        world.cloud.delete(world.have(tokens.VOLUME))
