"""Droplets and SSH keys."""

import hashlib

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import DIGITALOCEAN, droplet, public_key
from tests.simcloud.driver import RefusedError, World, paths

PACKAGE = DIGITALOCEAN


def test_the_provider_refuses_a_droplet_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"image": ""}, "image"),
        ({"size": ""}, "size"),
        ({"name": ""}, "name"),
        ({"userData": ""}, "userData"),
        ({"vpcUuid": ""}, "vpcUuid"),
        ({"region": None}, "region"),
        ({"sshKeys": [""]}, "sshKeys"),
        ({"tags": ["a b"]}, "tags[0]"),
        ({"tags": ["x" * 256]}, "tags[0]"),
        ({"ipv6": True}, "ipv6"),
        ({"backups": False}, "backupPolicy"),
        ({"backups": None}, "backupPolicy"),
        ({"backupPolicy": {"plan": "monthly"}}, "backupPolicy.plan"),
        ({"backupPolicy": {"plan": "weekly", "weekday": "sun"}}, "backupPolicy.weekday"),
        ({"backupPolicy": {"plan": "daily", "hour": 21}}, "backupPolicy.hour"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.DROPLET, "x", world.sample(tokens.DROPLET, **change))
            assert error.value.properties == {refused}


def test_the_cloud_refuses_a_droplet_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"name": "a_b"}, "droplet name 'a_b' is invalid"),
        ({"image": "debian-99-x64"}, "You specified an invalid image for Droplet creation"),
        ({"image": "docker-20-04", "size": "s-1vcpu-512mb-10gb"}, "needs a disk of 25 GiB, the size has 10"),
        ({"size": "1gb"}, "You specified an invalid size"),
        (
            {"size": "so1_5-2vcpu-16gb", "region": "lon1", "vpcUuid": None},
            "Size is not available in this region",
        ),
        ({"region": "ams2"}, "Region is not available"),
        ({"region": "nyc3"}, "is in fra1 and the droplet in nyc3"),
        ({"sshKeys": ["12"]}, "12 are invalid key identifiers for Droplet creation"),
        ({"userData": "x" * 65537}, "user data is too long"),
        ({"backupPolicy": {"plan": "daily", "hour": 5}}, "5 is no hour of a backup policy"),
    ]
    for change, message in cases:
        with subtests.test(change=change), pytest.raises(CloudError, match=f"422: .*{message}"):
            droplet(world, **change)


def test_a_droplet_needs_a_network_and_volumes_that_exist(world: World) -> None:
    with pytest.raises(CloudError, match="404: VPC 'no-vpc' not found"):
        droplet(world, vpcUuid="no-vpc")
    with pytest.raises(CloudError, match="404: volume 'no-volume' not found"):
        droplet(world, volumeIds=["no-volume"])


def test_a_droplet_has_what_its_size_has(world: World) -> None:
    made = world.have(tokens.DROPLET)
    assert (made["vcpus"], made["memory"], made["disk"], made["priceMonthly"]) == (1, 2048, 50, 12)
    assert made["priceHourly"] == 0.01786
    assert made["dropletUrn"] == f"do:droplet:{made.id}"


def test_without_public_network_there_is_a_private_address_only(world: World) -> None:
    public, private = world.have(tokens.DROPLET), droplet(world, publicNetworking=False)
    assert (public["ipv4Address"], private["ipv4Address"]) == ("198.18.16.1", "")
    assert private["ipv4AddressPrivate"] == "10.2.0.3"
    assert (public["publicNetworking"], private["publicNetworking"]) == (True, False)
    assert droplet(world, name="other")["ipv4Address"] == "198.18.16.2"


def test_slugs_are_stored_in_lower_case_and_user_data_as_a_hash(world: World) -> None:
    made = droplet(world, region="FRA1", size="S-1vcpu-2GB")
    assert (made["region"], made["size"]) == ("fra1", "s-1vcpu-2gb")
    assert made["userData"] == hashlib.sha1(b"#cloud-config\n", usedforsecurity=False).hexdigest()
    assert made.inputs["userData"] == "#cloud-config\n"
    assert world.cloud.diff(made, world.sample(tokens.DROPLET)).changes is False
    record = world.cloud.record(made)
    assert record is not None
    assert (record.region, record.inputs["userData"]) == ("fra1", "#cloud-config\n")


def test_what_replaces_a_droplet(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict | set]] = [
        ({"image": "debian-12-x64"}, {"image": "UPDATE_REPLACE"}),
        ({"region": "nyc3"}, {"region": "UPDATE_REPLACE"}),
        ({"userData": "#cloud-config\nx"}, {"userData": "UPDATE_REPLACE"}),
        ({"userData": UNKNOWN}, {"userData": "UPDATE_REPLACE"}),
        ({"sshKeys": ["1"]}, {"sshKeys[0]"}),
        ({"vpcUuid": "other"}, {"vpcUuid": "UPDATE_REPLACE"}),
        ({"publicNetworking": False}, {"publicNetworking": "UPDATE_REPLACE"}),
        ({"monitoring": True}, {"monitoring": "UPDATE_REPLACE"}),
        ({"dropletAgent": True}, {"dropletAgent": "UPDATE_REPLACE"}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            answer = world.cloud.diff(world.have(tokens.DROPLET), world.sample(tokens.DROPLET, **change))
            assert answer.replaces == list(change)
            assert set(paths(answer)) >= set(expected)
            assert answer.delete_before_replace is True


def test_what_changes_in_place_or_not_at_all(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict]] = [
        ({"size": "s-2vcpu-4gb"}, {"size": "UPDATE"}),
        ({"name": "new"}, {"name": "UPDATE"}),
        ({"tags": ["fleet"]}, {"tags[0]": "DELETE"}),
        ({"tags": ["FLEET", "testnet-Sentry", "fleet"]}, {}),
        ({"backups": False, "backupPolicy": None}, {"backups": "UPDATE", "backupPolicy": "DELETE"}),
        ({"backupPolicy": {"plan": "weekly", "weekday": "SUN", "hour": 8}}, {"backupPolicy.hour": "UPDATE"}),
        ({"resizeDisk": False}, {"resizeDisk": "UPDATE"}),
        ({"vpcUuid": None, "publicNetworking": None}, {}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            answer = world.cloud.diff(world.have(tokens.DROPLET), world.sample(tokens.DROPLET, **change))
            assert answer.replaces == []
            assert set(paths(answer)) == set(expected) or {path.partition(".")[0] for path in paths(answer)} == set(
                expected
            )


def test_another_size_keeps_the_addresses_and_a_preview_knows_that(world: World) -> None:
    made = world.have(tokens.DROPLET)
    larger = world.sample(tokens.DROPLET, size="s-2vcpu-4gb")
    planned, after = world.cloud.update(made, larger, preview=True), world.cloud.update(made, larger)
    unknown = {name for name, value in planned.outputs.items() if value is UNKNOWN}
    assert unknown == {"disk", "memory", "priceHourly", "priceMonthly", "vcpus"}
    assert (after["vcpus"], after["memory"], after["disk"], after["priceMonthly"]) == (2, 4096, 80, 24)
    same = after.outputs.keys() - unknown - {"size"}
    assert {name: after[name] for name in same} == {name: made[name] for name in same}
    assert {name: planned[name] for name in same} == {name: made[name] for name in same}


def test_a_disk_grows_unless_it_is_told_not_to_and_never_shrinks(world: World) -> None:
    made = world.have(tokens.DROPLET)
    kept = world.cloud.update(made, world.sample(tokens.DROPLET, size="s-2vcpu-4gb", resizeDisk=False))
    assert (kept["vcpus"], kept["disk"]) == (2, 50)
    back = world.cloud.update(kept, world.sample(tokens.DROPLET))
    assert (back["vcpus"], back["disk"]) == (1, 50)
    with pytest.raises(CloudError, match=r"has a disk of 25 GiB, droplet .* has 50"):
        world.cloud.update(back, world.sample(tokens.DROPLET, size="c-2"))
    with pytest.raises(CloudError, match="invalid size"):
        world.cloud.update(back, world.sample(tokens.DROPLET, size="64gb"))


def test_a_droplet_gets_no_name_that_it_could_not_begin_with(world: World) -> None:
    made = world.have(tokens.DROPLET)
    assert world.cloud.update(made, world.sample(tokens.DROPLET, name="a.b-c"))["name"] == "a.b-c"
    with pytest.raises(CloudError, match="422: droplet name 'a_b' is invalid"):
        world.cloud.update(made, world.sample(tokens.DROPLET, name="a_b"))


def test_the_account_has_a_droplet_limit(world: World) -> None:
    world.cloud.ledger.set("quota.droplets", "1")
    first = world.have(tokens.DROPLET)
    with pytest.raises(CloudError, match=r"422: creating this/these droplet\(s\) will exceed your droplet limit"):
        droplet(world)
    world.cloud.delete(first)
    droplet(world)


def test_a_new_account_has_ten_droplets(world: World) -> None:
    for number in range(10):
        droplet(world, name=f"d{number}")
    with pytest.raises(CloudError, match="exceed your droplet limit"):
        droplet(world)


def test_a_droplet_without_a_key_gets_a_root_password_by_mail(world: World) -> None:
    for keys, hidden in ((None, {"root_password": "mailed"}), ([], {"root_password": "mailed"})):
        record = world.cloud.record(droplet(world, sshKeys=keys))
        assert record is not None
        assert record.hidden == hidden
    record = world.cloud.record(world.have(tokens.DROPLET))
    assert record is not None
    assert record.hidden == {}


def test_a_key_is_named_by_id_or_by_fingerprint(world: World) -> None:
    key = world.have(tokens.SSH_KEY)
    assert key["fingerprint"] == "ab:7f:76:12:07:82:d4:4f:ee:55:62:c9:91:13:42:01"
    droplet(world, sshKeys=[key.id, key["fingerprint"]])


def test_a_key_is_a_line_of_an_openssh_file(world: World, subtests: pytest.Subtests) -> None:
    cases: list[str] = ["ssh-ed25519", "ssh-ed25519 x", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA", "-----BEGIN x"]
    for text in cases:
        with subtests.test(text=text), pytest.raises(CloudError, match="422: Key invalid"):
            world.cloud.create(tokens.SSH_KEY, {"publicKey": text})


def test_a_public_key_is_in_the_account_once(world: World) -> None:
    world.have(tokens.SSH_KEY)
    again = {"name": "again", "publicKey": public_key().replace("operator1", "another comment")}
    with pytest.raises(CloudError, match="422: SSH Key is already in use on your account"):
        world.cloud.create(tokens.SSH_KEY, again)
    world.cloud.create(tokens.SSH_KEY, {"publicKey": public_key(2)})


def test_another_key_text_replaces_a_key(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, dict]] = [
        ({"publicKey": public_key(2)}, {"publicKey": "UPDATE_REPLACE"}),
        ({"publicKey": f" {public_key()}\n"}, {}),
        ({"name": "new"}, {"name": "UPDATE"}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            assert (
                paths(world.cloud.diff(world.have(tokens.SSH_KEY), world.sample(tokens.SSH_KEY, **change))) == expected
            )


def test_droplets_outlive_their_key(world: World) -> None:
    made = world.have(tokens.DROPLET)
    world.cloud.delete(world.have(tokens.SSH_KEY))
    assert world.cloud.read(made) is not None
