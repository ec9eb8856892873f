"""The DigitalOcean provider's configuration: never a real credential, and one simulated Internet for all clouds."""

import asyncio

import pytest
from pulumi.provider.experimental import provider as sdk

from simcloud import faults
from simcloud.aws import tokens as aws
from simcloud.core.errors import CloudError, ConfigError
from simcloud.core.start import provider_or_refusal
from simcloud.core.values import UNKNOWN
from simcloud.core.wire import property_map
from simcloud.digitalocean import config, tokens
from simcloud.digitalocean.account import OFFERED
from simcloud.digitalocean.provider import DigitalOceanProvider
from simcloud.ledger import ENVIRONMENT, Ledger
from tests.simcloud.digitalocean_samples import DIGITALOCEAN
from tests.simcloud.driver import Cloud, World
from tests.simcloud.samples import AWS

PACKAGE = DIGITALOCEAN
GOOD = {"apiEndpoint": config.API_ENDPOINT, "httpRetryMax": "2", "version": "4.84.1"}


def refused(raw: dict) -> dict[str, str]:
    return {failure.property: failure.reason for failure in config.check(raw)}


def test_a_good_configuration_passes_and_none_is_needed() -> None:
    assert config.parse(GOOD).http_retry_max == 2
    assert config.parse({}).http_retry_max == config.HTTP_RETRY_MAX
    assert refused({"apiEndpoint": UNKNOWN, "httpRetryMax": UNKNOWN}) == {}


def test_real_credentials_in_the_configuration_are_refused() -> None:
    for name in ("token", "spacesAccessId", "spacesSecretKey"):
        assert refused({**GOOD, name: "x"})[name].endswith("which the simulated provider refuses: remove it")


def test_configuration_that_the_simulation_does_not_have_is_refused() -> None:
    assert "is another API" in refused({"apiEndpoint": "https://example.com"})["apiEndpoint"]
    assert "is not known to the simulated provider" in refused({"spacesEndpoint": "x"})["spacesEndpoint"]
    assert "is not a number of retries" in refused({"httpRetryMax": "many"})["httpRetryMax"]
    with pytest.raises(ConfigError, match=r"token is for real credentials.*; tokn is not known"):
        config.parse({"token": "x", "tokn": "x"})


def test_nothing_starts_without_being_asked_for_a_simulation() -> None:
    config.refuse_real_credentials({ENVIRONMENT: "/tmp/ledger.db"})
    for environment in ({}, {ENVIRONMENT: ""}):
        with pytest.raises(ConfigError, match=r"REDOUBT_SIMCLOUD is not set: set it .* or take simcloud/bin off PATH"):
            config.refuse_real_credentials(environment)


def test_nothing_starts_beside_real_credentials() -> None:
    for name in (
        "DIGITALOCEAN_TOKEN",
        "DIGITALOCEAN_ACCESS_TOKEN",
        "SPACES_ACCESS_KEY_ID",
        "SPACES_SECRET_ACCESS_KEY",
    ):
        with pytest.raises(ConfigError, match=rf"{name} is set\): unset it"):
            config.refuse_real_credentials({ENVIRONMENT: "/tmp/ledger.db", name: "x"})
        config.refuse_real_credentials({ENVIRONMENT: "/tmp/ledger.db", name: ""})


def test_a_process_beside_real_credentials_refuses_to_be_configured(
    monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(ledger.path))
    assert isinstance(provider_or_refusal(DigitalOceanProvider, config.refuse_real_credentials), DigitalOceanProvider)
    monkeypatch.setenv("DIGITALOCEAN_TOKEN", "x")
    refusal = provider_or_refusal(DigitalOceanProvider, config.refuse_real_credentials)
    with pytest.raises(ConfigError, match="does not start beside real credentials"):
        asyncio.run(refusal.configure(sdk.ConfigureRequest({}, {}, True, True)))


def test_the_engine_hears_of_every_failure_at_once(ledger: Ledger) -> None:
    request = sdk.CheckRequest("urn", {}, property_map({"token": "x", "what": "x"}), b"")
    answer = asyncio.run(DigitalOceanProvider(ledger).check_config(request))
    assert [failure.property for failure in answer.failures or []] == ["token", "what"]


def test_a_throttled_call_is_made_again_as_often_as_configured(ledger: Ledger) -> None:
    ledger.set("retry.seconds", "60")
    cloud = Cloud(ledger, DIGITALOCEAN, httpRetryMax="1")
    faults.add(ledger, faults.Fault(kind="throttle", times=1))
    cloud.create(tokens.TAG, {"name": "patient"})
    faults.add(ledger, faults.Fault(kind="throttle", times=2))
    with pytest.raises(CloudError):
        cloud.create(tokens.TAG, {"name": "given-up"})


def test_a_resource_is_found_and_listed_in_the_region_it_names(world: World) -> None:
    made = world.have(tokens.VOLUME)
    regions = {record.type: record.region for record in world.cloud.ledger.records(provider="digitalocean")}
    assert regions == {tokens.VOLUME: "fra1", tokens.TAG: ""}
    assert world.cloud.adopt(tokens.VOLUME, made.id) is not None, "an import names no region"


def test_public_addresses_are_shared_with_the_other_clouds(ledger: Ledger) -> None:
    here, there = World(Cloud(ledger, DIGITALOCEAN)), Cloud(ledger, AWS)
    taken = [
        there.create(aws.EIP, {"domain": "vpc"})["publicIp"],
        here.have(tokens.DROPLET)["ipv4Address"],
        here.have(tokens.NAT_GATEWAY)["egresses"][0]["publicGateways"][0]["ipv4"],
        there.create(aws.EIP, {"domain": "vpc"})["publicIp"],
    ]
    assert taken == ["198.18.16.1", "198.18.16.2", "198.18.16.3", "198.18.16.4"]


def test_the_account_offers_only_what_it_can_say_everything_about() -> None:
    assert OFFERED["default_networks"].keys() == set(OFFERED["regions"]["open"])
    families = {size.partition("-")[0] for size in OFFERED["sizes"]}
    for region, absent in OFFERED["families_not_offered"].items():
        assert region in OFFERED["regions"]["open"]
        assert set(absent) <= families
