"""The provider's configuration: regions that exist, the right account, and never a real credential."""

import asyncio

import pytest
from pulumi.provider.experimental import provider as sdk

from simcloud.aws import config, tokens
from simcloud.aws.provider import AwsProvider
from simcloud.core.errors import ConfigError
from simcloud.core.values import UNKNOWN
from simcloud.core.wire import property_map
from simcloud.ledger import ENVIRONMENT, Ledger
from tests.simcloud.driver import Cloud, RefusedError
from tests.simcloud.samples import AWS

GOOD = {"region": "eu-central-1", "skipCredentialsValidation": "true", "version": "7.51.1"}
ALLOWED = {ENVIRONMENT: "/tmp/ledger.db"}


def refused(raw: dict) -> dict[str, str]:
    return {failure.property: failure.reason for failure in config.check(raw)}


def test_a_good_configuration_passes() -> None:
    more = {"allowedAccountIds": '["123456789012"]', "defaultTags": '{"tags": {"fleet": "f"}}', "maxRetries": "3"}
    parsed = config.parse({**GOOD, **more}, "123456789012")
    assert (parsed.region, parsed.max_retries, parsed.default_tags) == ("eu-central-1", 3, {"fleet": "f"})


@pytest.mark.parametrize("region", ["eu-central-9", "eu-central-1a", "frankfurt", "", "EU-CENTRAL-1", "us-gov-west-1"])
def test_a_region_is_one_of_aws(region: str) -> None:
    assert "is not a region of AWS" in refused({**GOOD, "region": region})["region"]


def test_a_region_is_required_but_may_still_be_unknown() -> None:
    assert "is required" in refused({})["region"]
    assert refused({**GOOD, "region": UNKNOWN}) == {}


@pytest.mark.parametrize("name", sorted(config.CREDENTIALS_IN_CONFIG))
def test_real_credentials_in_the_configuration_are_refused(name: str) -> None:
    assert refused({**GOOD, name: "x"})[name].endswith("which the simulated provider refuses: remove it")


@pytest.mark.parametrize("name", ["endpoints", "regoin"])
def test_unknown_configuration_is_refused(name: str) -> None:
    assert "is not known to the simulated provider: remove it" in refused({**GOOD, name: "x"})[name]


@pytest.mark.parametrize(("name", "value"), [("allowedAccountIds", "123456789012"), ("defaultTags", "[]")])
def test_lists_and_objects_are_json(name: str, value: str) -> None:
    assert name in refused({**GOOD, name: value})


def test_a_provider_is_not_configured_with_what_a_check_refuses() -> None:
    with pytest.raises(ConfigError, match=r"regoin is not known .*; region is required"):
        config.parse({"regoin": "eu-central-1"}, "123456789012")


def test_an_account_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(ConfigError, match="AWS account ID not allowed: 123456789012: add it to allowedAccountIds"):
        config.parse({**GOOD, "allowedAccountIds": '["210987654321"]'}, "123456789012")


def test_nothing_starts_without_being_asked_for_a_simulation() -> None:
    config.refuse_real_credentials(ALLOWED)
    for environment in ({}, {ENVIRONMENT: ""}):
        with pytest.raises(ConfigError, match=r"REDOUBT_SIMCLOUD is not set: set it .* or take simcloud/bin off PATH"):
            config.refuse_real_credentials(environment)


@pytest.mark.parametrize("name", config.CREDENTIALS_IN_ENVIRONMENT)
def test_nothing_starts_beside_real_credentials(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name} is set\): unset it"):
        config.refuse_real_credentials({**ALLOWED, name: "x"})
    config.refuse_real_credentials({**ALLOWED, name: ""})


def test_the_engine_hears_of_every_failure_at_once(ledger: Ledger) -> None:
    request = sdk.CheckRequest("urn", {}, property_map({"token": "x", "what": "x"}), b"")
    answer = asyncio.run(AwsProvider(ledger).check_config(request))
    assert [failure.property for failure in answer.failures or []] == ["token", "what", "region"]


def test_default_tags_reach_every_resource_and_lose_against_its_own(ledger: Ledger) -> None:
    cloud = Cloud(ledger, AWS, defaultTags='{"tags": {"fleet": "f", "Name": "default"}}')
    sample = {"cidrBlock": "10.1.0.0/16", "tags": {"Name": "own"}}
    vpc = cloud.create(tokens.VPC, sample)
    assert vpc["tagsAll"] == {"fleet": "f", "Name": "own"}
    assert vpc["tags"] == {"Name": "own"}
    retagged = Cloud(ledger, AWS, defaultTags='{"tags": {"fleet": "g"}}')
    answer = retagged.diff(vpc, sample)
    assert (list(answer.detailed_diff), answer.replaces) == (["tagsAll.fleet"], [])
    assert retagged.update(vpc, sample)["tagsAll"] == {"fleet": "g", "Name": "own"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"region": "eu-central-9"}, "region"),
        ({"tags": {f"k{number}": "v" for number in range(51)}}, "tags"),
        ({"tags": {"aws:name": "v"}}, "tags"),
        ({"tags": {"": "v"}}, "tags"),
        ({"tags": {"k" * 129: "v"}}, f"tags.{'k' * 129}"),
        ({"tags": {"k": "v" * 257}}, "tags.k"),
    ],
)
def test_a_resource_has_a_region_that_exists_and_tags_within_limits(cloud: Cloud, change: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        cloud.check(tokens.VPC, "x", {"cidrBlock": "10.1.0.0/16", **change})
    assert error.value.properties == {path}


def test_a_resource_goes_where_it_or_its_provider_says(ledger: Ledger) -> None:
    cloud = Cloud(ledger, AWS, region="us-east-1")
    here = cloud.create(tokens.VPC, {"cidrBlock": "10.1.0.0/16"})
    there = cloud.create(tokens.VPC, {"cidrBlock": "10.1.0.0/16", "region": "eu-west-1"})
    assert [record.region for record in ledger.records(type=tokens.VPC)] == ["us-east-1", "eu-west-1"]
    assert here["arn"].startswith("arn:aws:ec2:us-east-1:")
    with pytest.raises(Exception, match=r"InvalidVpcID\.NotFound"):
        cloud.create(tokens.SUBNET, {"vpcId": there.id, "cidrBlock": "10.1.0.0/24"})
    cloud.delete(there)
    assert [record.id for record in ledger.records(type=tokens.VPC)] == [here.id]
    moved = Cloud(ledger, AWS, region="eu-west-1")
    assert moved.diff(here, {"cidrBlock": "10.1.0.0/16"}).replaces == ["region"]
