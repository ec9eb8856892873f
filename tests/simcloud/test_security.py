"""Security groups and rules: each rule once, sixty a direction, groups that exist, and what keeps a group."""

import pytest

from simcloud.aws import tokens
from simcloud.core.errors import CloudError
from tests.simcloud.driver import Made, RefusedError, World, paths

RULES = [tokens.INGRESS_RULE, tokens.EGRESS_RULE]
BLOCK = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["198.51.100.0/24"]}
both_directions = pytest.mark.parametrize("type_", RULES)


def group(world: World, name: str, **props: object) -> Made:
    return world.cloud.create(tokens.SECURITY_GROUP, world.sample(tokens.SECURITY_GROUP, name=name, **props))


@both_directions
@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"cidrIpv4": "198.51.100.1/24"}, "cidrIpv4"),
        ({"cidrIpv4": None}, "cidrIpv4"),
        ({"cidrIpv6": "::/0"}, "cidrIpv4"),
        ({"cidrIpv4": None, "cidrIpv6": "2001:db8::1/64"}, "cidrIpv6"),
        ({"toPort": None}, "toPort"),
        ({"ipProtocol": "tpc"}, "ipProtocol"),
        ({"fromPort": 65536}, "fromPort"),
        ({"securityGroupId": None}, "securityGroupId"),
    ],
)
def test_a_rule_has_one_source_and_its_ports(world: World, type_: str, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(type_, "x", world.sample(type_, **change))
    assert error.value.properties == {refused}


@both_directions
def test_all_protocols_have_no_ports(world: World, type_: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(type_, "x", world.sample(type_, ipProtocol="-1"))
    assert error.value.properties == {"fromPort", "toPort"}
    world.cloud.create(type_, world.sample(type_, ipProtocol="-1", fromPort=None, toPort=None))


@both_directions
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "InvalidPermission.Duplicate"),
        ({"ipProtocol": "6"}, "InvalidPermission.Duplicate"),
        ({"ipProtocol": "TCP", "description": "again"}, "InvalidPermission.Duplicate"),
        ({"securityGroupId": "sg-0000000000000dead"}, "InvalidGroup.NotFound"),
        ({"cidrIpv4": None, "referencedSecurityGroupId": "sg-000000000dead"}, "InvalidGroup.NotFound"),
        ({"fromPort": 23}, "InvalidParameterValue"),
    ],
)
def test_a_rule_exists_once_and_names_groups_that_exist(world: World, type_: str, change: dict, expected: str) -> None:
    world.have(type_)
    with pytest.raises(CloudError) as error:
        world.cloud.create(type_, world.sample(type_, **change))
    assert error.value.code == expected


@both_directions
def test_rules_that_differ_in_one_thing_stand_side_by_side(world: World, type_: str) -> None:
    world.have(type_)
    for change in ({"toPort": 23}, {"ipProtocol": "udp"}, {"cidrIpv4": "203.0.113.0/24"}):
        world.cloud.create(type_, world.sample(type_, **change))
    world.cloud.create(RULES[1 - RULES.index(type_)], world.sample(type_))


@both_directions
def test_a_group_takes_sixty_rules_a_direction(world: World, type_: str) -> None:
    for port in range(60):
        world.cloud.create(type_, world.sample(type_, fromPort=port, toPort=port))
    with pytest.raises(CloudError) as error:
        world.cloud.create(type_, world.sample(type_, fromPort=100, toPort=100))
    assert error.value.code == "RulesPerSecurityGroupLimitExceeded"
    world.cloud.create(RULES[1 - RULES.index(type_)], world.sample(type_, fromPort=100, toPort=100))
    world.cloud.ledger.set("quota.rules-per-group", "61")
    world.cloud.create(type_, world.sample(type_, fromPort=100, toPort=100))


@both_directions
def test_a_rule_changes_in_place_but_for_the_kind_of_its_source(world: World, type_: str) -> None:
    rule = world.have(type_)
    in_place = world.sample(type_, cidrIpv4="203.0.113.0/24", toPort=25)
    assert world.cloud.diff(rule, in_place).replaces == []
    assert world.cloud.update(rule, in_place)["toPort"] == 25
    other_kind = world.sample(type_, cidrIpv4=None, cidrIpv6="2001:db8::/32")
    assert paths(world.cloud.diff(rule, other_kind)) == {
        "cidrIpv4": "DELETE_REPLACE",
        "cidrIpv6": "ADD_REPLACE",
    }


@both_directions
def test_the_name_and_the_number_of_a_protocol_are_no_change(world: World, type_: str) -> None:
    rule = world.have(type_)
    assert world.cloud.diff(rule, world.sample(type_, ipProtocol="6")).changes is False
    assert world.cloud.diff(rule, world.sample(type_, ipProtocol="17")).changes is True


@both_directions
def test_a_rule_cannot_become_one_that_exists(world: World, type_: str) -> None:
    world.have(type_)
    other = world.cloud.create(type_, world.sample(type_, fromPort=23, toPort=23))
    with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):
        world.cloud.update(other, world.sample(type_))


def test_a_rule_names_groups_of_its_own_vpc(world: World) -> None:
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    foreign = group(world, "foreign", vpcId=vpc.id)
    props = world.sample(tokens.INGRESS_RULE, cidrIpv4=None, referencedSecurityGroupId=foreign.id)
    with pytest.raises(CloudError, match="belong to different networks"):
        world.cloud.create(tokens.INGRESS_RULE, props)


def test_a_name_is_unique_in_its_vpc(world: World) -> None:
    world.have(tokens.SECURITY_GROUP)
    with pytest.raises(CloudError) as error:
        group(world, "gateway")
    assert error.value.code == "InvalidGroup.Duplicate"
    vpc = world.cloud.create(tokens.VPC, world.sample(tokens.VPC))
    group(world, "gateway", vpcId=vpc.id)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "default"}, "InvalidGroup.Reserved"),
        ({"vpcId": None}, "VPCIdNotSpecified"),
        ({"vpcId": "vpc-000000000dead"}, "InvalidVpcID.NotFound"),
        ({"description": "what's this?"}, "InvalidParameterValue"),
    ],
)
def test_a_group_needs_a_vpc_and_a_proper_name(world: World, change: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        world.cloud.create(tokens.SECURITY_GROUP, world.sample(tokens.SECURITY_GROUP, **change))
    assert error.value.code == expected


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"name": "sg-x"}, "name"),
        ({"description": ""}, "description"),
        ({"ingress": [{**BLOCK, "protocol": "-1"}]}, "ingress[0].fromPort"),
        ({"ingress": [{**BLOCK, "cidrBlocks": ["10.0.0.1/8"]}]}, "ingress[0].cidrBlocks[0]"),
        ({"egress": [{**BLOCK, "protocol": "tpc"}]}, "egress[0].protocol"),
        ({"egress": [{**BLOCK, "prefixListIds": ["pl-1"]}]}, "egress[0].prefixListIds"),
        ({"egress": [{"protocol": "tcp", "toPort": 1}]}, "egress[0].fromPort"),
    ],
)
def test_a_group_is_checked_with_its_inline_rules(world: World, change: dict, refused: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.SECURITY_GROUP, "x", world.sample(tokens.SECURITY_GROUP, **change))
    assert error.value.properties == {refused}


def test_a_changed_description_replaces_a_group_and_a_fixed_name_goes_first(world: World) -> None:
    made = world.have(tokens.SECURITY_GROUP)
    answer = world.cloud.diff(made, world.sample(tokens.SECURITY_GROUP, description="other"))
    assert (answer.replaces, answer.delete_before_replace) == (["description"], True)
    unnamed = world.cloud.create(tokens.SECURITY_GROUP, world.sample(tokens.SECURITY_GROUP, name=None))
    answer = world.cloud.diff(unnamed, world.sample(tokens.SECURITY_GROUP, name=None, description="other"))
    assert (answer.replaces, answer.delete_before_replace) == (["description"], False)


def test_an_inline_rule_with_many_blocks_counts_as_many(world: World) -> None:
    world.cloud.ledger.set("quota.rules-per-group", "2")
    with pytest.raises(CloudError, match="RulesPerSecurityGroupLimitExceeded"):
        group(world, "three", ingress=[{**BLOCK, "cidrBlocks": ["10.0.0.0/8", "10.64.0.0/10", "192.0.2.0/24"]}])
    with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):
        group(world, "twice", ingress=[BLOCK, {**BLOCK, "description": "again"}])
    group(world, "repeated", ingress=[BLOCK, BLOCK])


def test_inline_rules_are_a_set(world: World) -> None:
    other = {**BLOCK, "fromPort": 25, "toPort": 25}
    made = group(world, "inline", ingress=[BLOCK, other])
    props = world.sample(tokens.SECURITY_GROUP, name="inline", ingress=[other, BLOCK])
    assert world.cloud.diff(made, props).changes is False
    props["ingress"][0] = {**other, "description": "mail"}
    assert paths(world.cloud.diff(made, props)) == {"ingress[0].description": "ADD"}


def test_inline_rules_and_rule_resources_never_meet_on_one_group(world: World) -> None:
    inline = group(world, "inline", ingress=[BLOCK])
    with pytest.raises(CloudError, match="not both"):
        world.cloud.create(tokens.INGRESS_RULE, world.sample(tokens.INGRESS_RULE, securityGroupId=inline.id))
    world.cloud.create(tokens.EGRESS_RULE, world.sample(tokens.EGRESS_RULE, securityGroupId=inline.id))
    world.have(tokens.INGRESS_RULE)
    changed = world.sample(tokens.SECURITY_GROUP, ingress=[BLOCK])
    with pytest.raises(CloudError, match="not both"):
        world.cloud.update(world.have(tokens.SECURITY_GROUP), changed)


def test_a_group_stays_while_an_interface_or_another_groups_rule_names_it(world: World) -> None:
    used = world.have(tokens.SECURITY_GROUP)
    naming = group(world, "naming")
    props = world.sample(
        tokens.INGRESS_RULE, securityGroupId=naming.id, cidrIpv4=None, referencedSecurityGroupId=used.id
    )
    rule = world.cloud.create(tokens.INGRESS_RULE, props)
    with pytest.raises(CloudError, match="DependencyViolation"):
        world.cloud.delete(used)
    world.cloud.delete(rule)
    world.have(tokens.INSTANCE)
    with pytest.raises(CloudError, match="DependencyViolation"):
        world.cloud.delete(used)
    world.cloud.delete(world.have(tokens.INSTANCE))
    world.cloud.delete(used)


def test_a_groups_own_rules_go_with_it_even_if_they_name_it(world: World) -> None:
    used = world.have(tokens.SECURITY_GROUP)
    props = world.sample(tokens.INGRESS_RULE, cidrIpv4=None, referencedSecurityGroupId=used.id)
    rule = world.cloud.create(tokens.INGRESS_RULE, props)
    world.cloud.delete(used)
    assert world.cloud.read(rule) is None


def test_revoking_rules_on_delete_frees_a_group_that_others_name(world: World) -> None:
    used = group(world, "used", revokeRulesOnDelete=True)
    naming = group(world, "naming", ingress=[{**BLOCK, "cidrBlocks": ["10.0.0.0/8"], "securityGroups": [used.id]}])
    world.cloud.delete(used)
    seen = world.cloud.read(naming)
    assert seen is not None
    assert seen["ingress"][0]["securityGroups"] == []


def test_adopting_the_default_group_empties_it_and_leaving_it_keeps_it(world: World) -> None:
    vpc = world.have(tokens.VPC)
    default = vpc["defaultSecurityGroupId"]
    rule = world.sample(tokens.EGRESS_RULE, securityGroupId=default, ipProtocol="-1", fromPort=None, toPort=None)
    open_to_all = {**rule, "cidrIpv4": "0.0.0.0/0"}
    with pytest.raises(CloudError, match=r"InvalidPermission\.Duplicate"):  # AWS made that rule itself
        world.cloud.create(tokens.EGRESS_RULE, open_to_all)
    adopted = world.have(tokens.DEFAULT_SECURITY_GROUP)
    assert (adopted.id, adopted["name"]) == (default, "default")
    world.cloud.create(tokens.EGRESS_RULE, open_to_all)
    world.cloud.delete(adopted)
    world.cloud.create(tokens.INGRESS_RULE, world.sample(tokens.INGRESS_RULE, securityGroupId=default))


def test_the_default_group_of_no_vpc_cannot_be_adopted(world: World) -> None:
    with pytest.raises(CloudError, match="VPCIdNotSpecified"):
        world.cloud.create(tokens.DEFAULT_SECURITY_GROUP, {})


def test_the_default_group_can_be_adopted_again(world: World) -> None:
    first = world.have(tokens.DEFAULT_SECURITY_GROUP)
    second = world.cloud.create(tokens.DEFAULT_SECURITY_GROUP, world.sample(tokens.DEFAULT_SECURITY_GROUP))
    assert second.id == first.id
