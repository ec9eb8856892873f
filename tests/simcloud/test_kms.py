"""KMS: keys that are scheduled and not deleted, policies that lock nobody out, aliases."""

import json

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import RefusedError, World, paths

ROOT = "arn:aws:iam::123456789012:root"


def key_policy(principal: object, action: object = "kms:*", effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_deleting_a_key_schedules_it_and_ends_its_use(world: World) -> None:
    key, sample = world.have(tokens.KEY), world.sample(tokens.VOLUME)
    world.cloud.delete(key)
    record = world.cloud.record(key)
    assert record is not None
    assert dict(record.hidden) == {"state": "PendingDeletion", "deleted_in_days": 7}
    assert world.cloud.read(key) is None
    with pytest.raises(CloudError, match=r"InvalidKmsKeyId.*PendingDeletion"):
        world.cloud.create(tokens.VOLUME, sample)
    root = {"encrypted": True, "kmsKeyId": key["arn"]}
    with pytest.raises(CloudError, match=r"Client\.InvalidKMSKey\.InvalidState"):
        world.cloud.create(tokens.INSTANCE, world.sample(tokens.INSTANCE, rootBlockDevice=root))
    with pytest.raises(CloudError, match="KMSInvalidStateException"):
        world.cloud.create(tokens.ALIAS, world.sample(tokens.ALIAS))


def test_a_key_waits_thirty_days_when_nothing_is_said(world: World) -> None:
    key = world.cloud.create(tokens.KEY, world.sample(tokens.KEY, deletionWindowInDays=None))
    world.cloud.delete(key)
    record = world.cloud.record(key)
    assert record is not None
    assert record.hidden["deleted_in_days"] == 30


def test_a_disabled_key_cannot_be_used_until_it_is_enabled(world: World) -> None:
    props = world.sample(tokens.KEY, isEnabled=False)
    key = world.cloud.create(tokens.KEY, props)
    volume = world.sample(tokens.VOLUME, kmsKeyId=key["arn"])
    with pytest.raises(CloudError, match="its state is Disabled"):
        world.cloud.create(tokens.VOLUME, volume)
    enabled = world.sample(tokens.KEY, isEnabled=True)
    assert paths(world.cloud.diff(key, enabled)) == {"isEnabled": "UPDATE"}
    world.cloud.update(key, enabled)
    world.cloud.create(tokens.VOLUME, volume)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"policy": key_policy({"AWS": "arn:aws:iam::999999999999:root"})}, "MalformedPolicyDocumentException"),
        ({"policy": key_policy({"AWS": ROOT}, "kms:Decrypt")}, "MalformedPolicyDocumentException"),
        ({"policy": key_policy({"AWS": ROOT}, effect="Deny")}, "MalformedPolicyDocumentException"),
        ({"policy": key_policy({"Service": "logs.amazonaws.com"})}, "MalformedPolicyDocumentException"),
        ({"policy": "{}"}, "MalformedPolicyDocumentException"),
        ({"customerMasterKeySpec": "RSA_4096"}, "UnsupportedOperationException"),
        ({"customerMasterKeySpec": "HMAC_256"}, "ValidationException"),
        ({"keyUsage": "SIGN_VERIFY"}, "ValidationException"),
    ],
)
def test_kms_refuses_a_key_that_nobody_could_manage_or_use(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.KEY, world.sample(tokens.KEY, **change))
    assert error.value.code == expected


@pytest.mark.parametrize("principal", ["*", {"AWS": ROOT}, {"AWS": ["123456789012"]}])
def test_a_policy_that_lets_the_account_in_is_taken(world: World, principal: object) -> None:
    policy = key_policy(principal, ["kms:Describe*", "kms:PutKeyPolicy"])
    assert world.cloud.create(tokens.KEY, world.sample(tokens.KEY, policy=policy))["policy"] == policy


def test_the_lockout_check_can_be_bypassed(world: World) -> None:
    policy = key_policy({"AWS": "arn:aws:iam::999999999999:root"})
    world.cloud.create(tokens.KEY, world.sample(tokens.KEY, policy=policy, bypassPolicyLockoutSafetyCheck=True))


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"policy": "{"}, "policy"),
        ({"deletionWindowInDays": 6}, "deletionWindowInDays"),
        ({"deletionWindowInDays": 31}, "deletionWindowInDays"),
        ({"rotationPeriodInDays": 90, "enableKeyRotation": None}, "rotationPeriodInDays"),
        ({"keyUsage": "ENCRYPT"}, "keyUsage"),
    ],
)
def test_the_provider_refuses_what_it_can_see_by_itself(world: World, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.KEY, "x", world.sample(tokens.KEY, **change))
    assert error.value.properties == {refused}


def test_policies_that_mean_the_same_are_no_change(world: World) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": [ROOT]}, "Action": ["kms:*"], "Resource": ["*"]}
    key = world.cloud.create(tokens.KEY, world.sample(tokens.KEY, policy=key_policy({"AWS": ROOT})))
    same = json.dumps({"Statement": statement, "Version": "2012-10-17"}, indent=2)
    assert world.cloud.diff(key, world.sample(tokens.KEY, policy=same)).changes is False
    other = key_policy({"AWS": ROOT}, "kms:Put*")
    assert paths(world.cloud.diff(key, world.sample(tokens.KEY, policy=other))) == {"policy": "UPDATE"}


def test_a_multi_region_key_has_an_id_of_its_kind(world: World) -> None:
    assert world.cloud.create(tokens.KEY, world.sample(tokens.KEY, multiRegion=True)).id.startswith("mrk-")


def test_an_alias_is_unique_in_its_region(world: World) -> None:
    world.have(tokens.ALIAS)
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.ALIAS, world.sample(tokens.ALIAS))
    assert error.value.code == "AlreadyExistsException"


@pytest.mark.parametrize("name", ["state", "alias/aws/ebs", "alias/a b"])
def test_an_alias_has_a_name_of_its_form(world: World, name: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.ALIAS, "x", world.sample(tokens.ALIAS, name=name))
    assert error.value.properties == {"name"}


def test_an_alias_needs_a_key(world: World) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.ALIAS, world.sample(tokens.ALIAS, targetKeyId="none"))
    assert error.value.code == "NotFoundException"


def test_the_id_and_the_arn_of_a_key_are_no_change_of_an_alias(world: World) -> None:
    arn = world.have(tokens.KEY)["arn"]
    assert world.cloud.diff(world.have(tokens.ALIAS), world.sample(tokens.ALIAS, targetKeyId=arn)).changes is False


def test_an_alias_moves_in_place_between_keys_of_one_kind(world: World) -> None:
    alias = world.have(tokens.ALIAS)
    second = world.cloud.create(tokens.KEY, world.sample(tokens.KEY))
    moved = world.sample(tokens.ALIAS, targetKeyId=second.id)
    assert paths(world.cloud.diff(alias, moved)) == {"targetKeyId": "UPDATE"}
    assert world.cloud.update(alias, moved)["targetKeyArn"] == second["arn"]
    signing = {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY", "enableKeyRotation": False}
    other = world.cloud.create(tokens.KEY, world.sample(tokens.KEY, **signing))
    with pytest.raises(CloudError, match="ValidationException"):
        world.cloud.update(alias, world.sample(tokens.ALIAS, targetKeyId=other.id))
