"""The real pack in a process of its own, asked as the engine asks it: over the wire, with secrets and unknown values."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import Severity
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.catalogue import ALL
from policies.pack import DOCS
from policies.rule import Rule
from tests.policies.cases.aws import ingress_wide, key_policy
from tests.policies.cases.digitalocean import droplet_public
from tests.policies.cases.hosts import command_no_secrets, user_data_no_secrets
from tests.support.policy_cases import Sample, put, unknown
from tests.support.policy_server import PolicyServer, secret, serving

BUCKET = "aws:s3/bucket:Bucket"
KNOWN_TYPES = "fleet-known-types"
TEXT = "password=correct-horse-battery"
SEVERITIES = {
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}
Diagnostics = Sequence[analyzer_pb2.AnalyzeDiagnostic]


@pytest.fixture(scope="module")
def started() -> Iterator[PolicyServer]:
    with serving() as server:
        yield server


@pytest.fixture
def pack(started: PolicyServer) -> PolicyServer:
    """The one server of this module, without settings."""
    started.configure({})
    return started


def sample(of: Any) -> Sample:
    """A fresh copy of the good sample of some cases."""
    return deepcopy(of.CASES.sample())


def violations(found: Diagnostics) -> dict[str, list[str]]:
    """The messages of each rule that is violated."""
    return {
        name: sorted(one.message for one in found if one.policyName == name and "can't run policy" not in one.message)
        for name in sorted({one.policyName for one in found if "can't run policy" not in one.message})
    }


def deferred(found: Diagnostics) -> set[str]:
    return {one.policyName for one in found if "can't run policy" in one.message}


def hidden(value: Any) -> Any:
    """The same value with every part of it secret, lists and objects also as a whole."""
    if isinstance(value, dict):
        return secret({key: hidden(each) for key, each in value.items()})
    if isinstance(value, list):
        return secret([hidden(each) for each in value])
    return secret(value)


def test_the_pack_says_everything_about_each_of_its_rules(pack: PolicyServer) -> None:
    info = pack.info()
    assert (info.name, info.supportsConfig) == ("redoubt", True)
    assert [one.name for one in info.policies] == [one.id for one in ALL]
    for said, rule in zip(info.policies, ALL, strict=True):
        level = analyzer_pb2.ADVISORY if rule.advisory else analyzer_pb2.MANDATORY
        kind = analyzer_pb2.POLICY_TYPE_RESOURCE if isinstance(rule, Rule) else analyzer_pb2.POLICY_TYPE_STACK
        assert (said.enforcementLevel, said.policy_type) == (level, kind), rule.id
        assert said.severity == SEVERITIES[rule.severity], rule.id
        assert list(said.tags) == list(rule.tags), rule.id
        assert (said.description, said.remediation_steps) == (rule.title, rule.remedy)
        assert said.url == f"{DOCS}#{rule.id}"
        assert json_format.MessageToDict(said.configSchema.properties) == rule.settings, rule.id


def test_a_good_resource_violates_nothing(pack: PolicyServer) -> None:
    answer = pack.analyze(sample(ingress_wide))
    assert violations(answer.diagnostics) == {}
    assert ingress_wide.RULE.id not in {one.policy_name for one in answer.not_applicable}
    assert key_policy.RULE.id in {one.policy_name for one in answer.not_applicable}


def test_a_broken_resource_violates_the_rule_with_name_remedy_and_level(pack: PolicyServer) -> None:
    broken = put("toPort", 65535.0)(put("cidrIpv4", "0.0.0.0/0")(sample(ingress_wide)))
    (found,) = [one for one in pack.analyze(broken).diagnostics if one.policyName == ingress_wide.RULE.id]
    assert found.message.startswith(f"{ingress_wide.RULE.title}\n{broken.name}: ")
    assert ingress_wide.RULE.remedy in found.message
    assert f"{DOCS}#{ingress_wide.RULE.id}" in found.message
    assert (found.urn, found.policyPackName) == (broken.urn, "redoubt")
    assert found.enforcementLevel == analyzer_pb2.MANDATORY
    assert found.severity == analyzer_pb2.POLICY_SEVERITY_CRITICAL


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(sample(ingress_wide), id="good"),
        pytest.param(put("fromPort", 22.0)(sample(ingress_wide)), id="SSH for everybody"),
        pytest.param(put("policy", '{"Statement": "x"}')(sample(key_policy)), id="an odd document"),
        pytest.param(put("create", TEXT)(sample(command_no_secrets)), id="a password in a command"),
        pytest.param(put("triggers", ["x", {"of": [TEXT]}])(sample(command_no_secrets)), id="a password in a trigger"),
        pytest.param(put("userData", f"#!/bin/sh\n{TEXT}\n")(sample(user_data_no_secrets)), id="in user data"),
    ],
)
def test_what_is_secret_is_judged_as_what_is_not(pack: PolicyServer, given: Sample) -> None:
    marked = replace(given, props={key: hidden(value) for key, value in given.props.items()})
    open_, closed = pack.analyze(given), pack.analyze(marked)
    assert violations(closed.diagnostics) == violations(open_.diagnostics)
    assert deferred(closed.diagnostics) == deferred(open_.diagnostics)
    assert not any("battery" in one.message for one in closed.diagnostics)


def test_an_unknown_value_defers_the_rules_that_need_it_and_no_other(pack: PolicyServer) -> None:
    known = pack.analyze(sample(droplet_public))
    answer = pack.analyze(unknown("publicNetworking")(sample(droplet_public)))
    assert deferred(answer.diagnostics) - deferred(known.diagnostics) == {droplet_public.RULE.id}
    assert violations(answer.diagnostics) == violations(known.diagnostics)
    (found,) = [one for one in answer.diagnostics if one.policyName == droplet_public.RULE.id]
    assert found.message.startswith(f"can't run policy '{droplet_public.RULE.id}' from policy pack 'redoubt@")
    assert found.message.endswith("value at .publicNetworking can't be known during preview")
    assert found.enforcementLevel == analyzer_pb2.ADVISORY


def test_what_is_known_is_found_beside_what_is_unknown(pack: PolicyServer) -> None:
    given = put("triggers", [UNKNOWN_STRING_VALUE, TEXT])(sample(command_no_secrets))
    found = pack.analyze(given).diagnostics
    assert command_no_secrets.RULE.id in violations(found)
    assert command_no_secrets.RULE.id in deferred(found)


def test_a_setting_changes_a_verdict(pack: PolicyServer) -> None:
    bucket = replace(sample(ingress_wide), type=BUCKET, props={})
    assert KNOWN_TYPES in violations(pack.analyze(bucket).diagnostics)
    pack.configure({KNOWN_TYPES: {"also": [BUCKET]}})
    assert KNOWN_TYPES not in violations(pack.analyze(bucket).diagnostics)


def test_a_setting_that_a_rule_does_not_know_violates_it(pack: PolicyServer) -> None:
    pack.configure({KNOWN_TYPES: {"allso": [BUCKET]}, "fleet-one-machine": {"strict": False}})
    on_resource = violations(pack.analyze(sample(ingress_wide)).diagnostics)
    assert list(on_resource) == [KNOWN_TYPES]
    assert "has 'allso' for this rule, which it does not know: take it out" in on_resource[KNOWN_TYPES][0]
    on_stack = violations(pack.analyze_stack([]).diagnostics)
    assert "'strict'" in on_stack["fleet-one-machine"][0]


def machine(**fields: Any) -> Sample:
    return Sample(type="aws:ec2/instance:Instance", name="s1-cosigner-1", props={"tags": {"Name": "a"}}, **fields)


GROUP = Sample(type="aws:ec2/securityGroup:SecurityGroup", name="s1-cosigner", props={})
OTHER_GROUP = replace(GROUP, name="s1-sentry", props={"tags": {"redoubt:role": "sentry"}})
COSIGNERS = replace(GROUP, props={"tags": {"redoubt:role": "cosigner"}})


def test_a_stack_rule_sees_resources_and_what_their_properties_come_from(pack: PolicyServer) -> None:
    rule = "fleet-firewalled"

    def said(*groups: Sample) -> list[str]:
        links = {"vpcSecurityGroupIds": tuple(one.name for one in groups)}
        found = pack.analyze_stack([machine(dependencies=links), *groups]).diagnostics
        assert {one.urn for one in found if one.policyName == rule} <= {machine().urn}
        return violations(found).get(rule, [])

    assert "no security group of this stack" in said()[0]
    assert said(COSIGNERS) == []
    assert "in the security group of a sentry" in said(OTHER_GROUP)[0]


def test_a_stack_rule_judges_inputs_where_it_has_seen_them(pack: PolicyServer) -> None:
    one, other = machine(), replace(machine(), name="s1-cosigner-2", props={"tags": {"Name": "b"}})
    pack.analyze(one)
    pack.analyze(other)
    as_states = [replace(each, outputs={"tags": {"Name": "the same"}}) for each in (one, other)]
    assert "the same name in its account" not in str(violations(pack.analyze_stack(as_states).diagnostics))


def test_a_forged_message_ends_no_run(pack: PolicyServer) -> None:
    """JSON can hold half a surrogate pair, which no message of the service can."""
    text = '#cloud-config\n{"\\ud800\\n  remedy: nothing": 1}'
    found = violations(pack.analyze(put("userData", text)(sample(user_data_no_secrets))).diagnostics)
    (quoted,) = [one for one in found["hosts-user-data-login"] if "remedy: nothing" in one]
    assert r"\ud800\n  remedy: nothing" in quoted


def nested(levels: int) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    at = made
    for _ in range(levels):
        at = at.fields["x"].struct_value
    at.fields["x"].string_value = "x"
    return made


def test_what_is_nested_too_deeply_for_the_service_ends_the_call_and_not_the_pack(pack: PolicyServer) -> None:
    given = sample(command_no_secrets)
    with pytest.raises(grpc.RpcError):
        pack.send(given, nested(500))
    assert violations(pack.analyze(given).diagnostics) == {}
