"""Roles and their policies, log groups, flow logs."""

import json

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from tests.simcloud.driver import RefusedError, World, paths
from tests.simcloud.samples import policy

NO_PRINCIPAL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})


def create(world: World, type_: str, **changes: object) -> None:
    world.cloud.create(type_, world.sample(type_, **changes))


@pytest.mark.parametrize(
    ("type_", "change", "expected"),
    [
        (tokens.ROLE, {}, "EntityAlreadyExists"),
        (tokens.ROLE, {"name": "FLOWS", "path": "/other/"}, "EntityAlreadyExists"),
        (tokens.ROLE, {"name": "x", "path": "other"}, "ValidationError"),
        (tokens.ROLE, {"name": "x", "assumeRolePolicy": "{}"}, "MalformedPolicyDocument"),
        (tokens.ROLE, {"name": "x", "assumeRolePolicy": NO_PRINCIPAL}, "MalformedPolicyDocument"),
        (tokens.ROLE, {"name": "x", "assumeRolePolicy": policy("a", Sid="s" * 2048)}, "LimitExceeded"),
        (tokens.ROLE, {"name": "x", "permissionsBoundary": "arn:aws:iam::123456789012:policy/p"}, "NoSuchEntity"),
        (tokens.ROLE_POLICY, {"role": "nobody"}, "NoSuchEntity"),
        (tokens.ROLE_POLICY, {"policy": "[]"}, "MalformedPolicyDocument"),
        (tokens.LOG_GROUP, {}, "ResourceAlreadyExistsException"),
        (tokens.LOG_GROUP, {"name": "x", "kmsKeyId": "arn:none"}, "InvalidParameterException"),
        (tokens.FLOW_LOG, {}, "FlowLogAlreadyExists"),
        (tokens.FLOW_LOG, {"vpcId": "vpc-00000000dead"}, "InvalidVpcId.NotFound"),
        (tokens.FLOW_LOG, {"vpcId": None, "subnetId": "subnet-00dead"}, "InvalidSubnetId.NotFound"),
        (tokens.FLOW_LOG, {"vpcId": None, "eniId": "eni-00dead"}, "InvalidNetworkInterfaceID.NotFound"),
        (tokens.FLOW_LOG, {"iamRoleArn": None}, "InvalidParameter"),
        (tokens.FLOW_LOG, {"logDestination": "arn:none"}, "InvalidParameter"),
    ],
)
def test_aws_refuses_what_refers_to_nothing_or_is_there_already(
    world: World, type_: str, change: dict, expected: str
) -> None:
    world.have(type_)
    with pytest.raises(CloudError) as error:
        create(world, type_, **change)
    assert error.value.code == expected


@pytest.mark.parametrize(
    ("type_", "change", "refused"),
    [
        (tokens.ROLE, {"assumeRolePolicy": "{"}, "assumeRolePolicy"),
        (tokens.ROLE, {"description": "\u201cquoted\u201d"}, "description"),
        (tokens.ROLE, {"maxSessionDuration": 3599}, "maxSessionDuration"),
        (tokens.ROLE, {"name": "a b"}, "name"),
        (tokens.ROLE_POLICY, {"policy": "{"}, "policy"),
        (tokens.ROLE_POLICY, {"role": "arn:aws:iam::123456789012:role/x"}, "role"),
        (tokens.LOG_GROUP, {"retentionInDays": 31}, "retentionInDays"),
        (tokens.LOG_GROUP, {"name": "a b"}, "name"),
        (tokens.FLOW_LOG, {"trafficType": None}, "trafficType"),
        (tokens.FLOW_LOG, {"vpcId": None}, "eniId"),
        (tokens.FLOW_LOG, {"logDestinationType": "s3"}, "logDestinationType"),
        (tokens.FLOW_LOG, {"maxAggregationInterval": 61}, "maxAggregationInterval"),
    ],
)
def test_the_provider_refuses_what_it_can_see_by_itself(world: World, type_: str, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(type_, "x", world.sample(type_, **change))
    assert error.value.properties == {refused}


def test_a_policy_may_be_an_object_and_is_kept_as_text(world: World) -> None:
    text = policy("vpc-flow-logs.amazonaws.com")
    props = world.sample(tokens.ROLE, assumeRolePolicy=json.loads(text))
    role = world.cloud.create(tokens.ROLE, props)
    assert json.loads(role["assumeRolePolicy"]) == json.loads(text)
    assert world.cloud.diff(role, world.sample(tokens.ROLE)).changes is False
    unknown_inside = {"Version": "2012-10-17", "Statement": [{"Resource": UNKNOWN}]}
    assert world.cloud.check(tokens.ROLE, "x", {**props, "assumeRolePolicy": unknown_inside})


def test_a_role_with_policies_stays_unless_they_are_forced_off(world: World) -> None:
    attached = world.have(tokens.ROLE_POLICY)
    role = world.have(tokens.ROLE)
    with pytest.raises(CloudError) as error:
        world.cloud.delete(role)
    assert (error.value.code, error.value.retry) == ("DeleteConflict", True)
    forced = world.cloud.update(role, world.sample(tokens.ROLE, forceDetachPolicies=True))
    world.cloud.delete(forced)
    assert world.cloud.read(attached) is None


def test_a_role_policy_takes_the_place_of_one_of_the_same_name(world: World) -> None:
    world.have(tokens.ROLE_POLICY)
    create(world, tokens.ROLE_POLICY)
    assert len(world.cloud.ledger.records(type=tokens.ROLE_POLICY)) == 1


def test_the_inline_policies_of_a_role_have_a_size_in_all(world: World) -> None:
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    half = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Sid": "x" * 6000}]})
    world.cloud.create(tokens.ROLE_POLICY, world.sample(tokens.ROLE_POLICY, policy=half))
    with pytest.raises(CloudError, match="LimitExceeded"):
        create(world, tokens.ROLE_POLICY, name="second", policy=half)


def test_a_role_is_the_same_in_every_region(world: World) -> None:
    assert world.have(tokens.ROLE)["arn"] == "arn:aws:iam::123456789012:role/flows"
    record = world.cloud.record(world.have(tokens.ROLE))
    assert record is not None
    assert record.region == ""


def test_a_flow_log_needs_a_role_that_the_service_may_take(world: World) -> None:
    props = world.sample(tokens.ROLE, name="other", assumeRolePolicy=policy("ec2.amazonaws.com"))
    other = world.cloud.create(tokens.ROLE, props)
    with pytest.raises(CloudError, match=r"Unable to assume given IAM role.*vpc-flow-logs"):
        create(world, tokens.FLOW_LOG, iamRoleArn=other["arn"])


def test_a_log_groups_key_must_let_the_logs_service_in(world: World) -> None:
    closed = world.have(tokens.KEY)["arn"]
    with pytest.raises(CloudError) as error:
        create(world, tokens.LOG_GROUP, kmsKeyId=closed)
    assert error.value.code == "AccessDeniedException"
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": {"Service": ["logs.eu-central-1.amazonaws.com"]},
            "Action": "kms:Encrypt*",
            "Resource": "*",
        },
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    key = world.cloud.create(tokens.KEY, world.sample(tokens.KEY, policy=document))
    create(world, tokens.LOG_GROUP, kmsKeyId=key["arn"])


def test_a_protected_log_group_stays_until_protection_is_switched_off_in_place(world: World) -> None:
    group = world.cloud.create(tokens.LOG_GROUP, world.sample(tokens.LOG_GROUP, deletionProtectionEnabled=True))
    with pytest.raises(CloudError, match="deletion protection"):
        world.cloud.delete(group)
    open_ = world.sample(tokens.LOG_GROUP, deletionProtectionEnabled=False)
    assert paths(world.cloud.diff(group, open_)) == {"deletionProtectionEnabled": "UPDATE"}
    world.cloud.delete(world.cloud.update(group, open_))


def test_skip_destroy_leaves_a_log_group_in_the_account(world: World) -> None:
    group = world.cloud.create(tokens.LOG_GROUP, world.sample(tokens.LOG_GROUP, skipDestroy=True))
    world.cloud.delete(group)
    assert world.cloud.record(group) is not None
    assert [r.id for r in world.cloud.ledger.purge("unit")] == ["flows"]
