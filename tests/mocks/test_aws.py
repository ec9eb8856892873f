"""What an AWS site asks the engine for: options and inputs, with known and with unknown outputs."""

import json
from typing import Any

import pytest

from fleet.plan import Plan, plan
from fleet.roles import PROTECTED_ROLES, PUBLIC_ROLES
from tests.support.aws import recorded
from tests.support.mocked import ACCOUNT, Recording, Registration, run_program
from tests.support.samples import aws_testnet, changed, small

INSTANCE = "aws:ec2/instance:Instance"
EIP = "aws:ec2/eip:Eip"
VOLUME = "aws:ebs/volume:Volume"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module", params=[False, True])
def run(request: pytest.FixtureRequest) -> tuple[Plan, Recording, bool]:
    return plan(aws_testnet(), "testnet"), recorded(preview=request.param), request.param


@pytest.fixture(scope="module")
def known() -> Recording:
    return recorded(preview=False)


def role(one: Registration) -> str:
    return one.inputs["tags"]["redoubt:role"]


def kept(one: Registration) -> bool:
    return one.protect and one.retain_on_delete


def test_every_planned_host_is_one_instance_with_its_address(run: tuple[Plan, Recording, bool]) -> None:
    planned, recording, _ = run
    made = {one.name: one.inputs["privateIp"] for one in recording.of_type(INSTANCE)}
    assert made == {host.name: host.private_address for host in planned.hosts}


def test_what_must_not_be_lost_is_protected_and_retained_and_nothing_else(run: tuple[Plan, Recording, bool]) -> None:
    planned, recording, _ = run
    by_type = {
        INSTANCE,
        EIP,
        VOLUME,
        "aws:ec2/volumeAttachment:VolumeAttachment",
        "aws:ec2/eipAssociation:EipAssociation",
    }
    for one in recording.resources:
        of_kept_host = (
            one.type in by_type and one.name in planned.host and planned.host[one.name].role in PROTECTED_ROLES
        )
        volume_key = one.type == "aws:kms/key:Key" and one.name.endswith("-volumes")
        assert kept(one) is (of_kept_host or volume_key), one.urn
        assert one.protect is one.retain_on_delete


def test_letting_go_leaves_nothing_protected() -> None:
    recording = run_program(small(retire=True))
    assert not [one.urn for one in recording.resources if one.protect or one.retain_on_delete]
    assert not any(one.inputs["disableApiTermination"] for one in recording.of_type(INSTANCE))
    assert "destroy" in recording.stack_outputs["next_steps"][0]


def test_letting_go_of_one_host_leaves_all_others_kept() -> None:
    recording = run_program(small(let_go=["s1-validator-1"]))
    bare = {one.name for one in recording.of_type(INSTANCE) if role(one) in PROTECTED_ROLES and not kept(one)}
    assert bare == {"s1-validator-1"}
    assert [one.name for one in recording.of_type(VOLUME) if role(one) == "validator" and kept(one)] == []
    assert recording.named(INSTANCE, "s1-validator-1").inputs["disableApiTermination"] is False
    assert all(kept(one) for one in recording.of_type(VOLUME) if role(one) == "cosigner")


def test_signers_validators_and_gateways_are_locked_against_termination(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        assert one.inputs["disableApiTermination"] is (role(one) in PROTECTED_ROLES)


def test_a_new_image_or_user_data_never_replaces_a_host(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        assert one.ignore_changes == ("ami", "userData")
        assert one.inputs["userDataReplaceOnChange"] is False


def test_what_holds_an_address_or_a_volume_is_deleted_before_it_is_replaced(known: Recording) -> None:
    types = {INSTANCE, "aws:ec2/volumeAttachment:VolumeAttachment", "aws:ec2/eipAssociation:EipAssociation"}
    assert {one.type for one in known.resources if one.delete_before_replace} == types
    assert all(one.delete_before_replace for one in known.resources if one.type in types)


def test_metadata_needs_a_token_and_stays_on_the_host(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        assert one.inputs["metadataOptions"] == {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
            "httpProtocolIpv6": "disabled",
            "instanceMetadataTags": "disabled",
        }


def test_private_hosts_refuse_a_public_address_and_public_ones_leave_it_to_their_elastic_ip(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        wanted = {"associatePublicIpAddress"} if role(one) not in PUBLIC_ROLES else set()
        assert one.inputs.keys() & {"associatePublicIpAddress"} == wanted
        assert one.inputs.get("associatePublicIpAddress") is not True
    associated = {one.name for one in known.of_type("aws:ec2/eipAssociation:EipAssociation")}
    assert associated == {one.name for one in known.of_type(INSTANCE) if role(one) in PUBLIC_ROLES}
    assert all(not subnet.inputs["mapPublicIpOnLaunch"] for subnet in known.of_type("aws:ec2/subnet:Subnet"))


def test_addresses_wait_for_the_internet_gateway_of_their_site(known: Recording) -> None:
    for one in known.of_type("aws:ec2/eipAssociation:EipAssociation"):
        gateway = known.named("aws:ec2/internetGateway:InternetGateway", one.name.split("-")[0])
        assert gateway.urn in one.dependencies


def test_every_disk_is_encrypted_with_the_volume_key_of_its_site(known: Recording) -> None:
    for one in known.of_type(VOLUME):
        assert one.inputs["encrypted"] is True
        assert one.inputs["kmsKeyId"].endswith(f":{one.name.split('-')[0]}-volumes")
    for one in known.of_type(INSTANCE):
        disk = one.inputs["rootBlockDevice"]
        assert disk["encrypted"] is True
        assert disk["kmsKeyId"].endswith(f":{one.name.split('-')[0]}-volumes")


def test_volumes_lie_in_the_zone_of_their_host(run: tuple[Plan, Recording, bool]) -> None:
    planned, recording, _ = run
    subnets = {one.name: one.inputs["availabilityZone"] for one in recording.of_type("aws:ec2/subnet:Subnet")}
    for one in recording.of_type(VOLUME):
        assert one.inputs["availabilityZone"] == subnets[planned.host[one.name].subnet or ""]


def test_keys_rotate_and_their_policies_name_this_account_alone(known: Recording) -> None:
    for one in known.of_type("aws:kms/key:Key"):
        assert one.inputs["enableKeyRotation"] is True
        principals = [statement["Principal"] for statement in json.loads(one.inputs["policy"])["Statement"]]
        assert principals[0] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        assert "*" not in json.dumps(principals)
    volumes = json.loads(known.named("aws:kms/key:Key", "s1-volumes").inputs["policy"])["Statement"]
    assert len(volumes) == 1


def test_flow_logs_are_encrypted_kept_a_year_and_written_by_a_role_that_can_do_nothing_else(known: Recording) -> None:
    for one in known.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert one.inputs["retentionInDays"] == 365
        assert one.inputs["kmsKeyId"].endswith("-logs")
    for one in known.of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(one.inputs["policy"])["Statement"]:
            assert all(action.startswith("logs:") and "*" not in action for action in statement["Action"])
            assert "logs:CreateLogGroup" not in statement["Action"]
            assert "*" not in statement["Resource"] or statement["Action"] == ["logs:DescribeLogGroups"]
    for one in known.of_type("aws:iam/role:Role"):
        (statement,) = json.loads(one.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert len(known.of_type("aws:ec2/flowLog:FlowLog")) == len(known.of_type("aws:ec2/vpc:Vpc")) == 3


def test_the_log_key_opens_this_sites_log_group_alone(known: Recording) -> None:
    group = known.named("aws:cloudwatch/logGroup:LogGroup", "s2-flow-logs").inputs["name"]
    statement = json.loads(known.named("aws:kms/key:Key", "s2-logs").inputs["policy"])["Statement"][1]
    assert statement["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"].endswith(f":log-group:{group}")


def test_a_sealed_site_has_no_nat_no_default_route_and_no_names(known: Recording) -> None:
    for site in ("s2", "s3"):
        routes = [one.name for one in known.of_type("aws:ec2/route:Route") if one.name.startswith(site)]
        assert routes == [f"{site}-public-default"]
        assert known.named("aws:ec2/vpc:Vpc", site).inputs["enableDnsSupport"] is False
    nat = [one.name for one in known.of_type("aws:ec2/natGateway:NatGateway")]
    assert nat == ["s1-private-a-nat"]
    assert known.named("aws:ec2/vpc:Vpc", "s1").inputs["enableDnsSupport"] is True


def test_private_subnets_share_no_route_table_with_public_ones(known: Recording) -> None:
    tables: dict[Any, set[bool]] = {}
    for one in known.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation"):
        tables.setdefault(one.inputs["routeTableId"], set()).add("-public-" in one.name)
    assert all(len(kinds) == 1 for kinds in tables.values())
    gateways = [one for one in known.of_type("aws:ec2/route:Route") if "gatewayId" in one.inputs]
    assert {one.inputs["routeTableId"] for one in gateways} == {
        table for table, kinds in tables.items() if kinds == {True}
    }


def test_the_default_security_group_of_every_network_is_closed(known: Recording) -> None:
    closed = known.of_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert len(closed) == 3
    assert all(not one.inputs.get("ingress") and not one.inputs.get("egress") for one in closed)


def test_the_rules_are_exactly_those_of_the_plan(run: tuple[Plan, Recording, bool]) -> None:
    planned, recording, _ = run
    made = {
        (one.name, one.inputs["ipProtocol"], one.inputs["fromPort"], one.inputs["toPort"]) for one in rules(recording)
    }
    assert made == {(rule.key, rule.protocol, rule.first_port, rule.last_port) for rule in planned.rules}


def rules(recording: Recording) -> list[Registration]:
    return recording.of_type(INGRESS) + recording.of_type(EGRESS)


def test_every_rule_names_one_peer_and_says_why(known: Recording) -> None:
    for one in rules(known):
        assert len(one.inputs.keys() & {"cidrIpv4", "referencedSecurityGroupId"}) == 1
        assert one.inputs["description"]
        assert one.inputs["ipProtocol"] != "-1"
    assert not any(
        "ingress" in one.inputs or "egress" in one.inputs
        for one in known.of_type("aws:ec2/securityGroup:SecurityGroup")
    )


def test_only_p2p_and_path_mtu_are_open_to_the_world(known: Recording) -> None:
    world = [one for one in known.of_type(INGRESS) if one.inputs.get("cidrIpv4") == "0.0.0.0/0"]
    assert {(one.inputs["ipProtocol"], one.inputs["fromPort"]) for one in world} == {("tcp", 26656), ("icmp", 3)}


def test_a_rule_about_another_sites_host_carries_that_hosts_elastic_ip(known: Recording) -> None:
    address = known.named(EIP, "s2-gateway-1")
    ruled = known.named(INGRESS, "s1-gateway-udp-51840-51903-from-public-s2-gateway-1")
    assert address.urn in ruled.property_dependencies["cidrIpv4"]


def test_everything_that_can_be_tagged_carries_fleet_stack_and_site(known: Recording) -> None:
    untaggable = {
        "aws:ec2/eipAssociation:EipAssociation",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/volumeAttachment:VolumeAttachment",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/alias:Alias",
        "pulumi:providers:aws",
    }
    for one in known.resources:
        if one.custom and one.type not in untaggable and one.type.startswith("aws:"):
            tags = one.inputs["tags"]
            assert (tags["redoubt:fleet"], tags["redoubt:stack"]) == ("redoubt", "testnet"), one.urn
            assert tags["redoubt:site"] in {"frankfurt", "dublin", "paris"}


def test_user_data_holds_no_secret_and_is_small(known: Recording) -> None:
    for one in known.of_type(INSTANCE):
        text = one.inputs["userData"]
        assert len(text) < 4096
        assert "PRIVATE" not in text


def test_user_data_does_not_change_when_the_fleet_grows() -> None:
    first, grown = run_program(small()), run_program(changed(small(), lambda c: c["sites"][2].update(sentries=2)))
    before = {one.name: one.inputs["userData"] for one in first.of_type(INSTANCE)}
    after = {one.name: one.inputs["userData"] for one in grown.of_type(INSTANCE)}
    assert {name: after[name] for name in before} == before
