"""AWS's functions that list and get: what they list, what a filter lets through, what they refuse."""

from typing import Any

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import Cloud, Made, RefusedError, World
from tests.simcloud.samples import AWS

GET_VPCS = "aws:ec2/getVpcs:getVpcs"
GET_SUBNETS = "aws:ec2/getSubnets:getSubnets"
GET_EIPS = "aws:ec2/getEips:getEips"
GET_EIP = "aws:ec2/getElasticIp:getElasticIp"
GET_NATS = "aws:ec2/getNatGateways:getNatGateways"
GET_TABLES = "aws:ec2/getRouteTables:getRouteTables"
GET_GROUPS = "aws:ec2/getSecurityGroups:getSecurityGroups"
GET_RULES = "aws:vpc/getSecurityGroupRules:getSecurityGroupRules"
GET_RULE = "aws:vpc/getSecurityGroupRule:getSecurityGroupRule"
GET_INSTANCES = "aws:ec2/getInstances:getInstances"
GET_VOLUMES = "aws:ebs/getEbsVolumes:getEbsVolumes"
GET_KEY = "aws:kms/getKey:getKey"
GET_RESOURCES = "aws:resourcegroupstaggingapi/getResources:getResources"

LISTS = {
    GET_VPCS: tokens.VPC,
    GET_SUBNETS: tokens.SUBNET,
    GET_NATS: tokens.NAT_GATEWAY,
    GET_RULES: tokens.INGRESS_RULE,
    GET_INSTANCES: tokens.INSTANCE,
    GET_VOLUMES: tokens.VOLUME,
}


def by(**filters: Any) -> dict[str, Any]:
    return {"filters": [{"name": name.replace("_", "-"), "values": values} for name, values in filters.items()]}


def by_tag(key: str, *values: str) -> dict[str, Any]:
    return {"filters": [{"name": f"tag:{key}", "values": [*values]}]}


def labelled(world: World, token: str, **tags: str) -> Made:
    return world.cloud.create(token, world.sample(token, tags=tags))


@pytest.mark.parametrize("function", sorted(LISTS))
def test_a_list_of_nothing_is_empty_and_no_error(function: str, cloud: Cloud) -> None:
    answer = cloud.invoke(function, by_tag("Name", "nobody"))
    assert answer["ids"] == []
    assert answer["id"] == answer["region"] == "eu-central-1"


@pytest.mark.parametrize(("function", "token"), LISTS.items())
def test_a_resource_is_listed_where_it_is_and_nowhere_else(function: str, token: str, world: World) -> None:
    made = world.have(token)
    assert made.id in world.cloud.invoke(function, {})["ids"]
    assert world.cloud.invoke(function, {"region": "eu-west-1"})["ids"] == []


@pytest.mark.parametrize("function", [*LISTS, GET_EIPS, GET_EIP, GET_TABLES, GET_GROUPS, GET_RULE])
def test_a_filter_that_the_call_does_not_have_is_refused(function: str, cloud: Cloud) -> None:
    with pytest.raises(CloudError, match=r"The filter 'colour' is invalid: use one of .*tag:KEY"):
        cloud.invoke(function, by(colour=["red"]))


@pytest.mark.parametrize("function", sorted({*LISTS, GET_EIPS, GET_EIP, GET_TABLES, GET_RULE, GET_KEY, GET_RESOURCES}))
def test_arguments_are_checked_against_the_schema(function: str, cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="colour"):
        cloud.invoke(function, {"colour": "red", "keyId": "x"})


@pytest.mark.parametrize(
    ("tags", "values", "hit"),
    [
        ({"Name": "a"}, ["a"], True),
        ({"Name": "a"}, ["b", "a"], True),
        ({"Name": "a-1"}, ["a-?"], True),
        ({"Name": "a-11"}, ["a-?"], False),
        ({"Name": "a-11"}, ["a*"], True),
        ({"Name": "A"}, ["a"], False),
        ({"Name": "a.b"}, ["a?b"], True),
        ({"Name": "axb"}, ["a.b"], False),
        ({"Other": "a"}, ["a"], False),
        ({"Name": "a"}, [], False),
    ],
)
def test_a_tag_filter_has_any_of_its_values_with_wildcards(
    world: World, tags: dict[str, str], values: list[str], hit: bool
) -> None:
    made = labelled(world, tokens.EIP, **tags)
    found = world.cloud.invoke(GET_EIPS, by_tag("Name", *values))
    assert found["allocationIds"] == ([made.id] if hit else [])
    assert found["publicIps"] == ([made["publicIp"]] if hit else [])


def test_all_filters_and_all_tags_must_hold(world: World) -> None:
    made = labelled(world, tokens.EIP, a="1", b="2")
    right = by_tag("a", "1")
    assert world.cloud.invoke(GET_EIPS, {**right, "tags": {"b": "2"}})["allocationIds"] == [made.id]
    assert world.cloud.invoke(GET_EIPS, {**right, "tags": {"b": "3"}})["allocationIds"] == []
    assert world.cloud.invoke(GET_EIPS, by(allocation_id=["eipalloc-*"], domain=["standard"]))["allocationIds"] == []


def test_default_tags_of_the_provider_count(world: World, ledger: Any) -> None:
    cloud = Cloud(ledger, AWS, defaultTags={"tags": {"redoubt:fleet": "on"}})
    made = cloud.create(tokens.EIP, {"domain": "vpc"})
    assert cloud.invoke(GET_EIPS, by_tag("redoubt:fleet", "on"))["allocationIds"] == [made.id]


class TestInstances:
    def test_only_running_ones_are_listed_unless_others_are_asked_for(self, world: World) -> None:
        made = world.have(tokens.INSTANCE)
        record = world.cloud.record(made)
        assert record is not None
        with world.cloud.ledger.transaction() as transaction:
            transaction.change(record, outputs={**record.outputs, "instanceState": "stopped"})
        assert world.cloud.invoke(GET_INSTANCES, {})["ids"] == []
        assert world.cloud.invoke(GET_INSTANCES, {"instanceStateNames": ["stopped", "running"]})["ids"] == [made.id]
        # A filter by state narrows what the provider asks for by itself, and never widens it.
        assert world.cloud.invoke(GET_INSTANCES, by(instance_state_name=["stopped"]))["ids"] == []

    def test_a_terminated_instance_is_gone(self, world: World) -> None:
        made = world.have(tokens.INSTANCE)
        world.cloud.delete(made)
        assert world.cloud.invoke(GET_INSTANCES, {"instanceStateNames": ["running", "terminated"]})["ids"] == []

    def test_a_state_that_there_is_not_is_refused(self, cloud: Cloud) -> None:
        with pytest.raises(CloudError, match="'dead' is no state: use one of pending, running"):
            cloud.invoke(GET_INSTANCES, {"instanceStateNames": ["dead"]})

    def test_an_elastic_address_is_the_instances_public_one(self, world: World) -> None:
        world.have(tokens.EIP_ASSOCIATION)
        answer = world.cloud.invoke(GET_INSTANCES, {})
        assert answer["publicIps"] == [world.have(tokens.EIP)["publicIp"]]
        assert answer["privateIps"] == [world.have(tokens.INSTANCE)["privateIp"]]

    def test_tags_and_filters_narrow_the_list(self, world: World) -> None:
        made = labelled(world, tokens.INSTANCE, Name="v")
        for args, ids in (
            ({"instanceTags": {"Name": "v"}}, [made.id]),
            ({"instanceTags": {"Name": "w"}}, []),
            (by(subnet_id=[made["subnetId"]], instance_state_name=["running"]), [made.id]),
            (by(instance_state_name=["stopped"]), []),
        ):
            assert world.cloud.invoke(GET_INSTANCES, args)["ids"] == ids


class TestVolumes:
    def test_root_volumes_are_volumes_and_go_with_their_instance(self, world: World) -> None:
        attachment = world.have(tokens.VOLUME_ATTACHMENT)
        root = world.have(tokens.INSTANCE)["rootBlockDevice"]["volumeId"]
        every = world.cloud.invoke(GET_VOLUMES, {})["ids"]
        assert set(every) == {attachment["volumeId"], root}
        for value, ids in (("true", [root]), ("false", [attachment["volumeId"]])):
            filters = [{"name": "attachment.delete-on-termination", "values": [value]}]
            assert world.cloud.invoke(GET_VOLUMES, {"filters": filters})["ids"] == ids

    def test_a_volume_is_in_use_while_it_is_attached(self, world: World) -> None:
        volume = world.have(tokens.VOLUME)
        assert world.cloud.invoke(GET_VOLUMES, by(status=["available"]))["ids"] == [volume.id]
        attachment = world.have(tokens.VOLUME_ATTACHMENT)
        assert world.cloud.invoke(GET_VOLUMES, by(status=["available"]))["ids"] == []
        at = {"filters": [{"name": "attachment.instance-id", "values": [attachment["instanceId"]]}]}
        assert volume.id in world.cloud.invoke(GET_VOLUMES, at)["ids"]


class TestOne:
    def test_an_address_says_what_it_is_associated_with(self, world: World) -> None:
        free = world.have(tokens.EIP)
        assert world.cloud.invoke(GET_EIP, {"id": free.id})["associationId"] == ""
        made = world.have(tokens.EIP_ASSOCIATION)
        answer = world.cloud.invoke(GET_EIP, {"publicIp": free["publicIp"]})
        assert (answer["associationId"], answer["instanceId"]) == (made.id, made["instanceId"])
        assert answer.keys() | {"filters"} == {*AWS.catalogue.schema(GET_EIP).outputs}

    def test_none_and_several_are_errors_in_the_providers_words(self, world: World) -> None:
        with pytest.raises(CloudError, match="no matching EC2 EIP found"):
            world.cloud.invoke(GET_EIP, {"id": "eipalloc-0"})
        for _ in range(2):
            labelled(world, tokens.EIP, Name="same")
        with pytest.raises(CloudError, match="multiple EC2 EIPs matched"):
            world.cloud.invoke(GET_EIP, {"tags": {"Name": "same"}})

    def test_a_rule_is_shown_with_what_it_lets_through(self, world: World) -> None:
        made = world.have(tokens.EGRESS_RULE)
        answer = world.cloud.invoke(GET_RULE, {"securityGroupRuleId": made.id})
        same = ("ipProtocol", "securityGroupId", "securityGroupRuleId", "arn")
        assert {name: answer[name] for name in same} == {name: made[name] for name in same}
        assert answer["isEgress"] is True
        assert answer.keys() <= {*AWS.catalogue.schema(GET_RULE).outputs}
        with pytest.raises(CloudError, match="no matching Security Group Rule found"):
            world.cloud.invoke(GET_RULE, {"securityGroupRuleId": "sgr-0"})

    def test_a_key_that_waits_for_its_deletion_still_answers(self, world: World) -> None:
        key = world.have(tokens.KEY)
        answer = world.cloud.invoke(GET_KEY, {"keyId": key["arn"]})
        assert (answer["id"], answer["keyState"]) == (key.id, "Enabled")
        assert answer.keys() == {*AWS.catalogue.schema(GET_KEY).outputs}
        world.cloud.delete(key)
        assert world.cloud.invoke(GET_KEY, {"keyId": key.id})["keyState"] == "PendingDeletion"
        with pytest.raises(CloudError, match="NotFoundException: Key 'x' does not exist"):
            world.cloud.invoke(GET_KEY, {"keyId": "x"})


class TestGroupsAndTables:
    def test_what_came_with_the_vpc_is_listed_too(self, world: World) -> None:
        vpc, group, table = (world.have(kind) for kind in (tokens.VPC, tokens.SECURITY_GROUP, tokens.ROUTE_TABLE))
        groups = world.cloud.invoke(GET_GROUPS, by(vpc_id=[vpc.id]))
        assert groups["ids"] == [vpc["defaultSecurityGroupId"], group.id]
        assert groups["vpcIds"] == [vpc.id, vpc.id]
        tables = world.cloud.invoke(GET_TABLES, {"vpcId": vpc.id})
        assert tables["ids"] == [vpc["mainRouteTableId"], table.id]

    def test_the_default_group_has_the_tags_of_what_adopted_it(self, world: World) -> None:
        made = labelled(world, tokens.DEFAULT_SECURITY_GROUP, Name="shut")
        assert world.cloud.invoke(GET_GROUPS, {"tags": {"Name": "shut"}})["ids"] == [made.id]

    def test_rules_are_listed_by_their_group(self, world: World) -> None:
        made = world.have(tokens.INGRESS_RULE)
        assert world.cloud.invoke(GET_RULES, by(group_id=[made["securityGroupId"]]))["ids"] == [made.id]
        assert world.cloud.invoke(GET_RULES, by(group_id=["sg-other"]))["ids"] == []


class TestTaggingApi:
    def arns(self, cloud: Cloud, **args: Any) -> list[str]:
        return [one["resourceArn"] for one in cloud.invoke(GET_RESOURCES, args)["resourceTagMappingLists"]]

    def filters(self, **tags: list[str] | None) -> list[dict[str, Any]]:
        return [{"key": key} | ({"values": values} if values is not None else {}) for key, values in tags.items()]

    def test_what_has_tags_is_found_by_type_and_tag(self, world: World) -> None:
        key = labelled(world, tokens.KEY, Name="k", env="test")
        eip = labelled(world, tokens.EIP, Name="k")
        both = self.filters(Name=["k", "l"])
        assert self.arns(world.cloud, tagFilters=both) == [key["arn"], eip["arn"]]
        for kind, arns in (("kms:key", [key["arn"]]), ("kms", [key["arn"]]), ("ec2", [eip["arn"]]), ("kms:k", [])):
            assert self.arns(world.cloud, resourceTypeFilters=[kind], tagFilters=both) == arns
        assert self.arns(world.cloud, tagFilters=self.filters(Name=["k"], env=None)) == [key["arn"]]
        assert self.arns(world.cloud, tagFilters=self.filters(Name=["?"])) == []
        assert self.arns(world.cloud, resourceArnLists=[eip["arn"]]) == [eip["arn"]]
        mappings = world.cloud.invoke(GET_RESOURCES, {"resourceArnLists": [eip["arn"]]})["resourceTagMappingLists"]
        assert mappings == [{"resourceArn": eip["arn"], "tags": {"Name": "k"}, "complianceDetails": []}]

    def test_what_has_no_tags_is_not_found(self, world: World) -> None:
        world.cloud.create(tokens.EIP, {"domain": "vpc"})
        assert self.arns(world.cloud, resourceTypeFilters=["ec2:elastic-ip"]) == []

    def test_a_key_that_waits_for_its_deletion_is_found_and_a_role_never(self, world: World) -> None:
        key, role = labelled(world, tokens.KEY, Name="k"), labelled(world, tokens.ROLE, Name="k")
        world.cloud.delete(key)
        assert self.arns(world.cloud, tagFilters=self.filters(Name=["k"])) == [key["arn"]]
        assert role["arn"]

    @pytest.mark.parametrize(
        "args",
        [
            {"resourceArnLists": ["x"], "tagFilters": [{"key": "Name"}]},
            {"resourceArnLists": ["x"], "resourceTypeFilters": ["ec2"]},
            {"tagFilters": [{"values": ["x"]}]},
        ],
    )
    def test_arguments_that_exclude_each_other_are_refused(self, cloud: Cloud, args: dict[str, Any]) -> None:
        with pytest.raises(RefusedError):
            cloud.invoke(GET_RESOURCES, args)

    def test_tag_policies_are_not_simulated_and_say_so(self, cloud: Cloud) -> None:
        with pytest.raises(CloudError, match="tag policies are not simulated"):
            cloud.invoke(GET_RESOURCES, {"includeComplianceDetails": True})


@pytest.mark.parametrize(
    ("token", "wrong"),
    [
        (tokens.ROUTE, "r-rtb-00000000000000001"),
        (tokens.ROUTE_TABLE_ASSOCIATION, "rtbassoc-00000000000000001"),
        (tokens.VOLUME_ATTACHMENT, "vai-1"),
    ],
)
def test_an_import_id_of_the_states_form_is_refused(token: str, wrong: str, world: World) -> None:
    made = world.have(token)
    with pytest.raises(CloudError, match="unexpected format of ID"):
        world.cloud.adopt(token, wrong)
    assert world.cloud.read(made) is not None, "a refresh goes by the state's id"


@pytest.mark.parametrize(
    ("token", "absent"),
    [
        (tokens.ROUTE, "rtb-1_0.0.0.0/0"),
        (tokens.ROUTE_TABLE_ASSOCIATION, "subnet-1/rtb-1"),
        (tokens.VOLUME_ATTACHMENT, "/dev/sdf:vol-1:i-1"),
    ],
)
def test_an_import_of_what_is_not_there_finds_nothing(token: str, absent: str, world: World) -> None:
    world.have(token)
    assert world.cloud.adopt(token, absent) is None
