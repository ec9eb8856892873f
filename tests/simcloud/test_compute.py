"""Instances: what they refer to, their addresses, what a change does to them, what protects them."""

import base64
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import Made, RefusedError, World, paths


def instance(world: World, **changes: object) -> Made:
    return world.cloud.create(tokens.INSTANCE, world.sample(tokens.INSTANCE, **changes))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ami": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound"),
        ({"ami": "debian-13"}, "InvalidAMIID.Malformed"),
        ({"instanceType": "t3.mediun"}, "InvalidParameterValue"),
        ({"instanceType": "t4g.small"}, "InvalidParameterCombination"),
        ({"subnetId": None}, "MissingInput"),
        ({"subnetId": "subnet-00000000dead"}, "InvalidSubnetID.NotFound"),
        ({"availabilityZone": "eu-central-1b"}, "InvalidParameterValue"),
        ({"vpcSecurityGroupIds": ["sg-00000000dead"]}, "InvalidGroup.NotFound"),
        ({"keyName": "mine"}, "InvalidKeyPair.NotFound"),
        ({"iamInstanceProfile": "mine"}, "InvalidParameterValue"),
        ({"rootBlockDevice": {"volumeSize": 7}}, "InvalidBlockDeviceMapping"),
        ({"rootBlockDevice": {"volumeSize": 70000}}, "InvalidParameterValue"),
        ({"rootBlockDevice": {"kmsKeyId": "arn:aws:kms:x"}}, "Client.InvalidKMSKey.InvalidState"),
    ],
)
def test_aws_refuses_an_instance_that_cannot_run(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        instance(world, **change)
    assert error.value.code == expected
    assert world.cloud.ledger.records(type=tokens.INSTANCE) == []


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"ami": None}, {"ami"}),
        ({"instanceType": None}, {"instanceType"}),
        ({"vpcSecurityGroupIds": []}, {"vpcSecurityGroupIds"}),
        ({"userData": "x" * 16385}, {"userData"}),
        ({"userDataBase64": "eA=="}, {"userData", "userDataBase64"}),
        ({"userData": None, "userDataBase64": "!"}, {"userDataBase64"}),
        ({"metadataOptions": {"httpTokens": "maybe"}}, {"metadataOptions.httpTokens"}),
        ({"metadataOptions": {"httpPutResponseHopLimit": 65}}, {"metadataOptions.httpPutResponseHopLimit"}),
        ({"rootBlockDevice": {"volumeId": "vol-1"}}, {"rootBlockDevice.volumeId"}),
        ({"rootBlockDevice": {"tags": {"a": "b"}}, "volumeTags": {"a": "b"}}, {"volumeTags"}),
        ({"tenancy": "host"}, {"tenancy"}),
    ],
)
def test_the_provider_refuses_what_it_can_see_by_itself(world: World, change: dict, refused: set[str]) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.INSTANCE, "x", world.sample(tokens.INSTANCE, **change))
    assert error.value.properties == refused


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("10.1.1.10", "does not fall within the subnet's address range"),
        ("10.1.0.0", "is in subnet's reserved address range"),
        ("10.1.0.3", "is in subnet's reserved address range"),
        ("10.1.0.255", "is in subnet's reserved address range"),
    ],
)
def test_an_address_is_one_that_the_subnet_gives_out(world: World, address: str, message: str) -> None:
    with pytest.raises(CloudError, match=f"InvalidParameterValue: Address {address} {message}"):
        instance(world, privateIp=address)


def test_an_image_of_another_region_is_not_found(world: World) -> None:
    args = {"owners": ["136693071363"], "mostRecent": True, "region": "us-east-1"}
    foreign = world.cloud.invoke("aws:ec2/getAmi:getAmi", args)["id"]
    with pytest.raises(CloudError, match=r"InvalidAMIID\.NotFound.*ids differ from region to region"):
        instance(world, ami=foreign)


def test_an_address_is_held_once_and_free_again_after_the_instance(world: World) -> None:
    first = world.have(tokens.INSTANCE)
    with pytest.raises(CloudError, match=r"InvalidIPAddress\.InUse.*delete_before_replace"):
        instance(world)
    world.cloud.delete(first)
    assert instance(world)["privateIp"] == "10.1.0.10"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fixed=st.sets(st.integers(4, 14), max_size=11))
def test_addresses_of_a_subnet_are_distinct_and_never_reserved(world: World, fixed: set[int]) -> None:
    """A /28 has eleven: 4 to 14. Some are fixed, the others are filled until it is full."""
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    subnet = world.cloud.create(tokens.SUBNET, world.sample(tokens.SUBNET, vpcId=vpc.id, cidrBlock="10.1.0.0/28"))
    place = {"subnetId": subnet.id, "vpcSecurityGroupIds": None}
    wanted = [f"10.1.0.{number}" for number in sorted(fixed)] + [None] * (11 - len(fixed))
    given_ = [instance(world, privateIp=address, **place)["privateIp"] for address in wanted]
    assert sorted(given_) == sorted(f"10.1.0.{number}" for number in range(4, 15))
    with pytest.raises(CloudError, match="InsufficientFreeAddressesInSubnet"):
        instance(world, privateIp=None, **place)
    world.cloud.ledger.purge("unit")
    world.made.clear()


def test_a_public_address_follows_the_subnet_unless_the_instance_says_otherwise(world: World) -> None:
    public = world.cloud.create(
        tokens.SUBNET, world.sample(tokens.SUBNET, cidrBlock="10.1.9.0/24", mapPublicIpOnLaunch=True)
    )
    assert instance(world, subnetId=public.id, privateIp=None)["publicIp"] == "198.18.16.1"
    quiet = instance(world, subnetId=public.id, privateIp=None, associatePublicIpAddress=False)
    assert (quiet["publicIp"], quiet["publicDns"]) == ("", "")
    assert instance(world, privateIp=None, associatePublicIpAddress=True)["publicIp"] == "198.18.16.2"


def test_without_groups_an_instance_gets_the_default_one(world: World) -> None:
    made = instance(world, vpcSecurityGroupIds=None)
    assert made["vpcSecurityGroupIds"] == [world.have(tokens.VPC)["defaultSecurityGroupId"]]


def test_groups_belong_to_the_subnets_vpc_and_are_five_at_most(world: World) -> None:
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    with pytest.raises(CloudError, match="belong to different networks"):
        instance(world, vpcSecurityGroupIds=[vpc["defaultSecurityGroupId"]])
    sample = [world.sample(tokens.SECURITY_GROUP, name=f"g{number}") for number in range(6)]
    groups = [world.cloud.create(tokens.SECURITY_GROUP, props).id for props in sample]
    with pytest.raises(CloudError, match="SecurityGroupsPerInterfaceLimitExceeded"):
        instance(world, vpcSecurityGroupIds=groups)
    instance(world, vpcSecurityGroupIds=groups[:5])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"instanceType": "m7i.large"}, {"instanceType": "UPDATE"}),
        ({"instanceType": "t4g.small"}, {"instanceType": "UPDATE_REPLACE"}),
        ({"userData": "#cloud-config\nother\n"}, {"userData": "UPDATE"}),
        (
            {"userData": "other", "userDataReplaceOnChange": True},
            {"userData": "UPDATE_REPLACE", "userDataReplaceOnChange": "UPDATE"},
        ),
        ({"privateIp": "10.1.0.11"}, {"privateIp": "UPDATE_REPLACE"}),
        ({"privateIp": None}, {}),
        ({"metadataOptions": None}, {}),
        ({"metadataOptions": {"httpTokens": "optional"}}, {"metadataOptions.httpTokens": "UPDATE"}),
        ({"rootBlockDevice": {"volumeSize": 30}}, {"rootBlockDevice.volumeSize": "UPDATE"}),
        (
            {"rootBlockDevice": {"volumeSize": 20, "encrypted": False}},
            {"rootBlockDevice.encrypted": "UPDATE_REPLACE"},
        ),
        ({"cpuOptions": {"amdSevSnp": "disabled"}}, {"cpuOptions.amdSevSnp": "ADD"}),
        ({"cpuOptions": {"amdSevSnp": "enabled"}}, {"cpuOptions.amdSevSnp": "ADD_REPLACE"}),
        ({"disableApiTermination": True}, {"disableApiTermination": "UPDATE"}),
        ({"sourceDestCheck": False}, {"sourceDestCheck": "UPDATE"}),
    ],
)
def test_a_change_replaces_an_instance_only_where_it_does_at_aws(world: World, change: dict, expected: dict) -> None:
    answer = world.cloud.diff(world.have(tokens.INSTANCE), world.sample(tokens.INSTANCE, **change))
    assert paths(answer) == expected


def test_user_data_equals_its_hash_and_its_base64_form(world: World) -> None:
    made = world.have(tokens.INSTANCE)
    text = made["userData"].encode()
    digest = hashlib.sha1(text).hexdigest()  # noqa: S324 -- the provider's choice
    for stored in (digest, base64.b64encode(text).decode()):
        old = Made(made.type, made.name, made.id, made.inputs, {**made.outputs, "userData": stored})
        assert world.cloud.diff(old, world.sample(tokens.INSTANCE)).changes is False


def test_groups_are_a_set_and_change_in_place(world: World) -> None:
    first, second = (
        world.cloud.create(tokens.SECURITY_GROUP, world.sample(tokens.SECURITY_GROUP, name=name)).id
        for name in ("one", "two")
    )
    made = instance(world, vpcSecurityGroupIds=[first, second])
    turned = world.sample(tokens.INSTANCE, vpcSecurityGroupIds=[second, first])
    assert world.cloud.diff(made, turned).changes is False
    fewer = world.sample(tokens.INSTANCE, vpcSecurityGroupIds=[second])
    assert world.cloud.diff(made, fewer).replaces == []
    assert world.cloud.update(made, fewer)["vpcSecurityGroupIds"] == [second]
    world.cloud.delete(Made(tokens.SECURITY_GROUP, "one", first, {}, {}))


def test_a_stop_and_start_brings_a_new_public_address_which_the_preview_does_not_know(world: World) -> None:
    props = world.sample(tokens.INSTANCE, associatePublicIpAddress=True)
    made = world.cloud.create(tokens.INSTANCE, props)
    larger = {**props, "instanceType": "t3.large"}
    previewed = world.cloud.update(made, larger, preview=True)
    assert "Unknown" in type(previewed["publicIp"]).__name__
    assert previewed["privateIp"] == "10.1.0.10"
    updated = world.cloud.update(made, larger)
    assert updated["publicIp"] not in ("", made["publicIp"])
    assert world.cloud.update(updated, {**larger, "tags": {"a": "b"}})["publicIp"] == updated["publicIp"]


def test_an_elastic_address_survives_a_stop_and_start(world: World) -> None:
    world.have(tokens.EIP_ASSOCIATION)
    instance_, eip = world.have(tokens.INSTANCE), world.have(tokens.EIP)
    updated = world.cloud.update(instance_, world.sample(tokens.INSTANCE, instanceType="t3.large"))
    assert updated["publicIp"] == eip["publicIp"]


def test_what_may_not_be_stopped_keeps_its_type(world: World) -> None:
    props = world.sample(tokens.INSTANCE, disableApiStop=True)
    made = world.cloud.create(tokens.INSTANCE, props)
    with pytest.raises(CloudError, match=r"OperationNotPermitted.*disableApiStop"):
        world.cloud.update(made, {**props, "instanceType": "t3.large"})


def test_a_root_volume_only_grows(world: World) -> None:
    made = world.have(tokens.INSTANCE)
    with pytest.raises(CloudError, match="New size cannot be smaller"):
        world.cloud.update(made, world.sample(tokens.INSTANCE, rootBlockDevice={"volumeSize": 10}))
    grown = world.cloud.update(made, world.sample(tokens.INSTANCE, rootBlockDevice={"volumeSize": 30}))
    assert grown["rootBlockDevice"]["volumeSize"] == 30
    assert grown["rootBlockDevice"]["volumeId"] == made["rootBlockDevice"]["volumeId"]


@pytest.mark.parametrize(("force", "goes"), [(False, False), (True, True)])
def test_termination_protection_holds_unless_force_destroy_was_applied(world: World, force: bool, goes: bool) -> None:
    made = instance(world, disableApiTermination=True, forceDestroy=force)
    if goes:
        world.cloud.delete(made)
        assert world.cloud.read(made) is None
        return
    with pytest.raises(CloudError, match=r"OperationNotPermitted.*disableApiTermination"):
        world.cloud.delete(made)
    unprotected = world.cloud.update(made, world.sample(tokens.INSTANCE, disableApiTermination=False))
    world.cloud.delete(unprotected)


def test_a_terminated_instance_lets_go_of_volumes_and_addresses(world: World) -> None:
    attachment, association = world.have(tokens.VOLUME_ATTACHMENT), world.have(tokens.EIP_ASSOCIATION)
    world.cloud.delete(world.have(tokens.INSTANCE))
    assert (world.cloud.read(attachment), world.cloud.read(association)) == (None, None)
    world.cloud.delete(world.have(tokens.VOLUME))
    world.cloud.delete(world.have(tokens.EIP))
    world.cloud.delete(world.have(tokens.SUBNET))
