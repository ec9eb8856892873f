"""GCP's disks and their attachments: sizes, keys, one writer, and what lets go of what."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.gcp import tokens
from tests.simcloud.driver import RefusedError, World, shared
from tests.simcloud.gcp_samples import GCP, IMAGE, IMAGE_LINK, PROJECT, REGION, ZONE, instance, make

PACKAGE = GCP
PLAIN = {"diskEncryptionKey": None}


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, 50),
        ({"size": None}, 100),
        ({"size": None, "type": None}, 500),
        ({"size": None, "image": IMAGE}, 10),
    ],
)
def test_a_disk_has_the_size_given_or_of_its_image_or_type(world: World, changes: dict, size: int) -> None:
    disk = make(world, tokens.DISK, **PLAIN, **changes)
    assert disk["size"] == size
    assert world.cloud.diff(disk, world.sample(tokens.DISK, **PLAIN, **changes)).changes is False


@shared(
    [
        {"size": 9},
        {"size": 65537},
        {"type": "pd-fast"},
        {"type": "pd-extreme"},
        {"size": 5, "image": IMAGE},
        {"image": "debian-cloud/debian-99"},
        {"zone": "europe-west1-a"},
    ]
)
def test_a_disk_that_gcp_cannot_have_is_refused_by_it(world: World, changes: dict) -> None:
    with pytest.raises(CloudError):
        make(world, tokens.DISK, **PLAIN, **changes)


@shared(
    [
        ({"physicalBlockSizeBytes": 512}, "physicalBlockSizeBytes"),
        ({"snapshot": "s"}, "snapshot"),
        ({"diskEncryptionKey": {"rawKey": "k"}}, "diskEncryptionKey.rawKey"),
        ({"multiWriter": True}, "multiWriter"),
        ({"size": 0}, "size"),
    ]
)
def test_a_bad_disk_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.DISK, "x", world.sample(tokens.DISK, **changes))
    assert error.value.properties == {path}


@shared(
    [
        ({"size": 60}, []),
        ({"size": 40}, ["size"]),
        ({"size": UNKNOWN}, ["size"]),
        ({"type": "pd-balanced"}, ["type"]),
        ({"type": f"projects/{PROJECT}/zones/{ZONE}/diskTypes/pd-ssd"}, None),
        ({"interface": "NVME"}, None),
        ({"image": IMAGE}, ["image"]),
        ({"provisionedIops": 4000}, ["provisionedIops"]),
        ({"provisionedThroughput": 200}, []),
        ({"diskEncryptionKey": None}, ["diskEncryptionKey"]),
        ({"labels": {"a": "b"}}, []),
        ({"zone": f"{REGION}-b"}, ["zone"]),
    ]
)
def test_what_replaces_a_disk(world: World, changes: dict, replaces: list | None) -> None:
    answer = world.cloud.diff(world.have(tokens.DISK), world.sample(tokens.DISK, **changes))
    assert (answer.changes, answer.replaces) == (replaces is not None, replaces or [])


def test_operations_of_a_hyperdisk_change_in_place(world: World) -> None:
    fast = {"type": "hyperdisk-balanced", "provisionedIops": 3000, **PLAIN}
    disk = make(world, tokens.DISK, **fast)
    assert world.cloud.diff(disk, world.sample(tokens.DISK, **{**fast, "provisionedIops": 4000})).replaces == []


def test_a_disk_grows_in_place(world: World) -> None:
    disk, larger = world.have(tokens.DISK), world.sample(tokens.DISK, size=60)
    assert world.cloud.update(disk, larger)["size"] == 60
    with pytest.raises(CloudError, match="use 60 GB or more"):
        world.cloud.update(disk, world.sample(tokens.DISK, size=40))


def test_spellings_of_an_image_and_a_key_are_no_change(world: World) -> None:
    disk = make(world, tokens.DISK, image="debian-cloud/debian-13")
    assert disk["image"] == IMAGE_LINK
    key = {"kmsKeySelfLink": f"{world.have(tokens.CRYPTO_KEY).id}/cryptoKeyVersions/1"}
    spelt = world.sample(tokens.DISK, image=IMAGE, diskEncryptionKey=key)
    assert world.cloud.diff(disk, spelt).changes is False


@shared(
    [
        ({"disk": "nowhere"}, "notFound"),
        ({"instance": "nowhere"}, "notFound"),
        ({"deviceName": "persistent-disk-0"}, "invalid"),
    ]
)
def test_an_attachment_needs_both_ends_and_a_name_of_its_own(world: World, changes: dict, expected: str) -> None:
    world.have(tokens.INSTANCE)
    with pytest.raises(CloudError) as error:
        make(world, tokens.ATTACHED_DISK, **changes)
    assert error.value.code == expected


def test_a_disk_and_its_instance_are_in_one_zone(world: World) -> None:
    far = make(world, tokens.DISK, zone=f"{REGION}-b", **PLAIN)
    with pytest.raises(CloudError, match="attach disks of the instance's zone"):
        make(world, tokens.ATTACHED_DISK, disk=far["selfLink"])


def second(world: World) -> str:
    interfaces: list[dict[str, Any]] = [{"subnetwork": world.have(tokens.SUBNETWORK).id}]
    return world.cloud.create(tokens.INSTANCE, instance(world, name="sentry-2", networkInterfaces=interfaces))[
        "selfLink"
    ]


@pytest.mark.parametrize(("first", "other"), [(None, None), (None, "READ_ONLY"), ("READ_ONLY", None)])
def test_a_disk_that_is_written_is_at_one_instance(world: World, first: str | None, other: str | None) -> None:
    made = make(world, tokens.ATTACHED_DISK, mode=first)
    with pytest.raises(CloudError, match="RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"):
        make(world, tokens.ATTACHED_DISK, instance=second(world), mode=other)
    world.cloud.delete(made)
    make(world, tokens.ATTACHED_DISK, instance="sentry-2", mode=other)


def test_a_disk_that_is_only_read_is_at_many_and_once_at_each(world: World) -> None:
    make(world, tokens.ATTACHED_DISK, mode="READ_ONLY")
    make(world, tokens.ATTACHED_DISK, instance=second(world), mode="READ_ONLY")
    with pytest.raises(CloudError, match="RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"):
        make(world, tokens.ATTACHED_DISK, mode="READ_ONLY", deviceName="again")
    seen = world.cloud.read(world.have(tokens.DISK))
    assert seen is not None
    assert [link.rpartition("/")[2] for link in seen["users"]] == ["sentry-1", "sentry-2"]


def test_a_boot_disk_is_not_attached_elsewhere(world: World) -> None:
    world.have(tokens.INSTANCE)
    with pytest.raises(CloudError, match="whose boot disk it is"):
        make(world, tokens.ATTACHED_DISK, disk="sentry-1", instance=second(world))


def test_device_names_are_counted_and_an_attachment_may_name_its_ends_by_name(world: World) -> None:
    world.have(tokens.ATTACHED_DISK)
    make(world, tokens.DISK, name="more", **PLAIN)
    made = make(world, tokens.ATTACHED_DISK, disk="more", instance="sentry-1", deviceName=None)
    assert made["deviceName"] == "persistent-disk-2"
    assert made.id == f"projects/{PROJECT}/zones/{ZONE}/instances/sentry-1/more"
    assert made["zone"] == ZONE


@shared(["disk", "instance", "deviceName", "mode"])
def test_every_change_replaces_an_attachment(world: World, name: str) -> None:
    made = world.have(tokens.ATTACHED_DISK)
    value = "READ_ONLY" if name == "mode" else "other"
    assert world.cloud.diff(made, world.sample(tokens.ATTACHED_DISK, **{name: value})).replaces == [name]


@pytest.mark.parametrize("end", [tokens.DISK, tokens.INSTANCE])
def test_an_attachment_goes_with_either_end_and_a_disk_survives_its_instance(world: World, end: str) -> None:
    made = world.have(tokens.ATTACHED_DISK)
    world.cloud.delete(world.have(end))
    assert world.cloud.read(made) is None
    assert (world.cloud.read(world.have(tokens.DISK)) is None) is (end == tokens.DISK)
