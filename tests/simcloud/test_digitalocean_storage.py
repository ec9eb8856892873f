"""Volumes of DigitalOcean and their attachments."""

import pytest

from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.values import UNKNOWN
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import DIGITALOCEAN, droplet
from tests.simcloud.driver import Made, RefusedError, World, paths

PACKAGE = DIGITALOCEAN


def another_volume(world: World, **changes: object) -> Made:
    return world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, **{"name": "other", **changes}))


def attach(world: World, volume: Made, to: Made) -> Made:
    return world.cloud.create(tokens.VOLUME_ATTACHMENT, {"dropletId": int(to.id), "volumeId": volume.id})


def test_the_provider_refuses_a_volume_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"size": 0}, "size"),
        ({"name": ""}, "name"),
        ({"description": ""}, "description"),
        ({"initialFilesystemLabel": ""}, "initialFilesystemLabel"),
        ({"initialFilesystemType": "btrfs"}, "initialFilesystemType"),
        ({"initialFilesystemType": None, "filesystemType": "ext4"}, "filesystemType"),
        ({"snapshotId": "s"}, "snapshotId"),
        ({"tags": ["a.b"]}, "tags[0]"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.VOLUME, "x", world.sample(tokens.VOLUME, **change))
            assert error.value.properties == {refused}


def test_the_cloud_refuses_a_volume_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"name": "1st"}, "volume name '1st' is invalid"),
        ({"name": "State"}, "volume name 'State' is invalid"),
        ({"name": "x" * 65}, "is invalid"),
        ({"region": "sfo1"}, "Region is not available"),
        ({"size": 16385}, "16385 GiB is too much for a volume"),
        ({"initialFilesystemLabel": "x" * 17}, "is too long for ext4"),
        ({"initialFilesystemType": "xfs", "initialFilesystemLabel": "x" * 13}, "is too long for xfs"),
    ]
    for change, message in cases:
        with subtests.test(change=change), pytest.raises(CloudError, match=f"422: .*{message}"):
            another_volume(world, **change)


def test_names_are_unique_in_a_region(world: World) -> None:
    world.have(tokens.VOLUME)
    with pytest.raises(CloudError, match="409: volume 'state' already exists in fra1"):
        another_volume(world, name="state")
    another_volume(world, name="state", region="nyc3")


def test_the_account_has_limits_for_volumes_in_each_region(world: World) -> None:
    world.cloud.ledger.set("quota.volumes", "1")
    made = world.have(tokens.VOLUME)
    with pytest.raises(CloudError, match=r"403: volume limit exceeded: 2 of volumes in fra1.*quota\.volumes N"):
        another_volume(world)
    another_volume(world, region="nyc3")
    world.cloud.ledger.set("quota.volume-gib", "15")
    with pytest.raises(CloudError, match="16 of volume-gib in fra1, the account may have 15"):
        world.cloud.update(made, world.sample(tokens.VOLUME, size=16))
    assert world.cloud.update(made, world.sample(tokens.VOLUME, size=15))["size"] == 15


def test_a_volume_without_a_name_gets_one_in_lower_case(world: World) -> None:
    props = world.sample(tokens.VOLUME, name=None)
    first, long = (
        world.cloud.create(tokens.VOLUME, props, "State"),
        world.cloud.create(tokens.VOLUME, props, "S" * 90),
    )
    assert first["name"].startswith("state-")
    assert (len(first["name"]), len(long["name"])) == (len("state-") + 7, 64)


def test_a_region_is_stored_in_lower_case(world: World) -> None:
    made = another_volume(world, region="FRA1")
    assert made["region"] == "fra1"
    assert world.cloud.diff(made, world.sample(tokens.VOLUME, name="other")).changes is False


def test_a_change_replaces_a_volume_only_where_it_does_there(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict]] = [
        ({"name": "other"}, {"name": "UPDATE_REPLACE"}),
        ({"region": "nyc3"}, {"region": "UPDATE_REPLACE"}),
        ({"description": "other"}, {"description": "UPDATE_REPLACE"}),
        ({"initialFilesystemType": "xfs"}, {"initialFilesystemType": "UPDATE_REPLACE"}),
        ({"initialFilesystemLabel": "other"}, {"initialFilesystemLabel": "UPDATE_REPLACE"}),
        ({"size": 11}, {"size": "UPDATE"}),
        ({"size": UNKNOWN}, {"size": "UPDATE"}),
        ({"tags": ["new"]}, {"tags[0]": "UPDATE"}),
        ({"tags": ["TESTNET-sentry"]}, {}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            answer = world.cloud.diff(world.have(tokens.VOLUME), world.sample(tokens.VOLUME, **change))
            assert set(paths(answer)) == set(expected)
            assert bool(answer.replaces) == any(kind.endswith("REPLACE") for kind in expected.values())


@pytest.mark.parametrize("change", [{}, {"name": "other"}])
def test_a_smaller_volume_is_refused_at_the_preview_even_beside_a_replacement(world: World, change: dict) -> None:
    with pytest.raises(SimcloudError, match="can only be expanded and not shrunk, and 10 GiB is more than 9"):
        world.cloud.diff(world.have(tokens.VOLUME), world.sample(tokens.VOLUME, size=9, **change))


def test_a_volume_that_grew_elsewhere_can_still_be_refreshed_and_updated_only_upwards(world: World) -> None:
    made = world.have(tokens.VOLUME)
    world.cloud.update(made, world.sample(tokens.VOLUME, size=20))
    seen = world.cloud.read(made)
    assert seen is not None
    assert seen.inputs["size"] == 20
    with pytest.raises(CloudError, match="cannot become smaller"):
        world.cloud.update(made, world.sample(tokens.VOLUME, size=15))


def test_an_attached_volume_stays_until_it_is_detached(world: World) -> None:
    attachment, volume = world.have(tokens.VOLUME_ATTACHMENT), world.have(tokens.VOLUME)
    with pytest.raises(CloudError, match="409: attached volume cannot be deleted"):
        world.cloud.delete(volume)
    world.cloud.delete(attachment)
    world.cloud.delete(volume)


def test_a_volume_and_a_droplet_know_each_other(world: World) -> None:
    attachment = world.have(tokens.VOLUME_ATTACHMENT)
    at, volume = world.have(tokens.DROPLET), world.have(tokens.VOLUME)
    assert attachment.id.startswith(f"{at.id}-{volume.id}-")
    for made, output, expected in ((volume, "dropletIds", [int(at.id)]), (at, "volumeIds", [volume.id])):
        seen = world.cloud.read(made)
        assert seen is not None
        assert (seen[output], seen.inputs) == (expected, made.inputs)


def test_an_attachment_needs_both_ends_in_one_region(world: World) -> None:
    here, there = world.have(tokens.DROPLET), another_volume(world, region="nyc3")
    with pytest.raises(CloudError, match=r"422: volume .* is in nyc3, droplet .* in fra1"):
        attach(world, there, here)
    with pytest.raises(CloudError, match="404: droplet '7' not found"):
        world.cloud.create(tokens.VOLUME_ATTACHMENT, {"dropletId": 7, "volumeId": there.id})
    with pytest.raises(CloudError, match="404: volume 'none' not found"):
        world.cloud.create(tokens.VOLUME_ATTACHMENT, {"dropletId": int(here.id), "volumeId": "none"})
    with pytest.raises(RefusedError, match="dropletId: must not be empty"):
        world.cloud.check(tokens.VOLUME_ATTACHMENT, "x", {"dropletId": 0, "volumeId": there.id})


def test_a_volume_is_at_one_droplet_at_a_time(world: World) -> None:
    world.have(tokens.VOLUME_ATTACHMENT)
    with pytest.raises(CloudError, match=r"422: volume .* is already attached to droplet"):
        attach(world, world.have(tokens.VOLUME), droplet(world))


def test_an_attachment_that_exists_is_taken_as_it_is(world: World) -> None:
    first = world.have(tokens.VOLUME_ATTACHMENT)
    second = attach(world, world.have(tokens.VOLUME), world.have(tokens.DROPLET))
    assert first.id != second.id


def test_both_ends_replace_an_attachment(world: World) -> None:
    made = world.have(tokens.VOLUME_ATTACHMENT)
    moved = {"dropletId": 7, "volumeId": "other"}
    assert world.cloud.diff(made, moved).replaces == ["dropletId", "volumeId"]


def test_a_droplet_takes_fifteen_volumes(world: World) -> None:
    at = world.have(tokens.DROPLET)
    volumes = [another_volume(world, name=f"v{number}", size=1) for number in range(16)]
    for volume in volumes[:15]:
        attach(world, volume, at)
    with pytest.raises(CloudError, match="has 15 volumes already"):
        attach(world, volumes[15], at)


def test_volumes_stay_when_their_droplet_goes(world: World) -> None:
    attachment, volume = world.have(tokens.VOLUME_ATTACHMENT), world.have(tokens.VOLUME)
    world.cloud.delete(world.have(tokens.DROPLET))
    assert world.cloud.read(attachment) is None
    seen = world.cloud.read(volume)
    assert seen is not None
    assert seen["dropletIds"] == []
    world.cloud.delete(attachment)
    world.cloud.delete(volume)


def test_a_droplet_attaches_and_detaches_the_volumes_it_names(world: World) -> None:
    first, second = (another_volume(world, name=name) for name in ("first", "second"))
    made = droplet(world, volumeIds=[first.id])
    assert made["volumeIds"] == [first.id]
    after = world.cloud.update(made, world.sample(tokens.DROPLET, volumeIds=[second.id]))
    assert after["volumeIds"] == [second.id]
    world.cloud.delete(first)


def test_volume_ids_do_not_mix_with_attachments(world: World) -> None:
    first, second = (another_volume(world, name=name) for name in ("first", "second"))
    props = world.sample(tokens.DROPLET, volumeIds=[first.id])
    made = world.cloud.create(tokens.DROPLET, props)
    attach(world, second, made)
    seen = world.cloud.read(made)
    assert seen is not None
    assert paths(world.cloud.diff(seen, props)) == {"volumeIds[1]": "DELETE"}


def test_an_attachment_whose_answer_was_lost_is_made_again_and_is_one(world: World) -> None:
    """The same URN once more, as after a lost state: the account knows no attachment, only that the volume is attached."""
    made = world.have(tokens.VOLUME_ATTACHMENT)
    again = world.cloud.create(
        tokens.VOLUME_ATTACHMENT, {"dropletId": made["dropletId"], "volumeId": made["volumeId"]}, made.name
    )
    left = [one for one in world.cloud.ledger.records(type=tokens.VOLUME_ATTACHMENT) if one.urn == made.urn]
    assert [one.id for one in left] == [again.id]
