"""The GCP provider's configuration: projects, places and labels, and never a real credential."""

import pytest

from simcloud.core.errors import ConfigError
from simcloud.core.values import UNKNOWN
from simcloud.gcp import config, tokens
from simcloud.gcp.provider import ATTRIBUTION
from simcloud.ledger import ENVIRONMENT, Ledger
from tests.simcloud.driver import Cloud, RefusedError, World
from tests.simcloud.gcp_samples import GCP, PROJECT, REGION, ZONE

PACKAGE = GCP
GOOD = {"project": PROJECT, "region": REGION, "version": "10.2.0"}
ALLOWED = {ENVIRONMENT: "/tmp/ledger.db"}


def refused(raw: dict) -> dict[str, str]:
    return {failure.property: failure.reason for failure in config.check(raw)}


def test_a_good_configuration_passes() -> None:
    more = {"zone": ZONE, "defaultLabels": '{"fleet": "f"}', "addPulumiAttributionLabel": "false"}
    parsed = config.parse({**GOOD, **more, "deletionPolicy": "PREVENT"})
    assert (parsed.defaults, parsed.default_labels) == (
        {"project": PROJECT, "region": REGION, "zone": ZONE},
        {"fleet": "f"},
    )
    assert (parsed.attribution, parsed.proactive, parsed.deletion_policy) == (False, False, "PREVENT")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", "Fleet"),
        ("project", "short"),
        ("project", "-fleet-prod"),
        ("project", "867763564124"),
        ("region", "europe-west3-a"),
        ("region", "eu-central-1"),
        ("zone", "europe-west1-a"),
        ("zone", "europe-west3"),
        ("deletionPolicy", "KEEP"),
        ("pulumiAttributionLabelAdditionStrategy", "ALWAYS"),
        ("defaultLabels", "[]"),
        ("addPulumiAttributionLabel", "yes"),
        ("computeCustomEndpoint", "https://example.com"),
        ("porject", "x"),
    ],
)
def test_bad_configuration_is_refused_with_a_remedy(name: str, value: str) -> None:
    found = refused({**GOOD, name: value})
    assert list(found) == [name]
    assert ": " in found[name]
    with pytest.raises(ConfigError, match=name):
        config.parse({**GOOD, name: value})


def test_a_project_is_required_a_region_is_not_and_both_may_be_unknown() -> None:
    assert "is required: set gcp:project" in refused({})["project"]
    assert refused({"project": UNKNOWN, "region": UNKNOWN, "zone": UNKNOWN}) == {}


@pytest.mark.parametrize("name", sorted(config.CREDENTIALS_IN_CONFIG))
def test_real_credentials_in_the_configuration_are_refused(name: str) -> None:
    assert refused({**GOOD, name: "x"})[name].endswith("which the simulated provider refuses: remove it")


def test_nothing_starts_without_being_asked_for_a_simulation() -> None:
    config.refuse_real_credentials({**ALLOWED, "CLOUDSDK_PYTHON": "x", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": "x"})
    for environment in ({}, {ENVIRONMENT: ""}):
        with pytest.raises(ConfigError, match=r"REDOUBT_SIMCLOUD is not set: set it .* or take simcloud/bin off PATH"):
            config.refuse_real_credentials(environment)


@pytest.mark.parametrize(
    "name",
    [
        *config.CREDENTIALS_IN_ENVIRONMENT,
        *config.PROJECT_IN_ENVIRONMENT,
        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
        "CLOUDSDK_CONFIG",
        "CLOUDSDK_CORE_PROJECT",
    ],
)
def test_nothing_starts_beside_real_credentials(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name} is set\): unset it"):
        config.refuse_real_credentials({**ALLOWED, name: "x"})
    config.refuse_real_credentials({**ALLOWED, name: ""})


def test_labels_are_the_default_ones_under_the_resources_own_and_the_providers_mark(ledger: Ledger) -> None:
    cloud = Cloud(ledger, GCP, defaultLabels='{"fleet": "f", "use": "default"}')
    sample = {"name": "a", "labels": {"use": "nat"}}
    made = cloud.create(tokens.ADDRESS, sample)
    expected = {ATTRIBUTION: "true", "fleet": "f", "use": "nat"}
    assert (made["labels"], made["pulumiLabels"], made["effectiveLabels"]) == ({"use": "nat"}, expected, expected)
    assert "pulumiLabels" not in made.inputs
    assert cloud.preview(tokens.ADDRESS, sample)["effectiveLabels"] == expected
    assert cloud.preview(tokens.ADDRESS, {"name": "b", "labels": UNKNOWN})["effectiveLabels"] is UNKNOWN
    answer = Cloud(ledger, GCP, defaultLabels='{"fleet": "g", "use": "default"}').diff(made, sample)
    assert (sorted(answer.detailed_diff), answer.replaces) == (["effectiveLabels.fleet", "pulumiLabels.fleet"], [])


def test_the_mark_is_put_on_at_the_creation_only_unless_the_strategy_says_more(ledger: Ledger) -> None:
    without = Cloud(ledger, GCP, addPulumiAttributionLabel="false")
    made = without.create(tokens.ADDRESS, {"name": "a"})
    assert made["pulumiLabels"] == {}
    assert Cloud(ledger, GCP).diff(made, {"name": "a"}).changes is False
    proactive = Cloud(ledger, GCP, pulumiAttributionLabelAdditionStrategy="PROACTIVE")
    assert sorted(proactive.diff(made, {"name": "a"}).detailed_diff) == [
        f"effectiveLabels.{ATTRIBUTION}",
        f"pulumiLabels.{ATTRIBUTION}",
    ]


@pytest.mark.parametrize(
    "labels", [{"A": "x"}, {"1a": "x"}, {"a": "X"}, {"a" * 64: "x"}, {"a": "x" * 64}, {f"k{n}": "v" for n in range(65)}]
)
def test_labels_outside_of_gcps_limits_are_refused(cloud: Cloud, labels: dict) -> None:
    with pytest.raises(RefusedError, match="labels"):
        cloud.check(tokens.ADDRESS, "x", {"name": "a", "labels": labels})


def test_a_resource_goes_where_it_or_its_provider_says(ledger: Ledger, cloud: Cloud) -> None:
    here = cloud.create(tokens.ADDRESS, {"name": "a"})
    there = cloud.create(tokens.ADDRESS, {"name": "a", "region": "us-east1", "project": "other-project"})
    assert here.id == f"projects/{PROJECT}/regions/{REGION}/addresses/a"
    assert there.id == "projects/other-project/regions/us-east1/addresses/a"
    assert [record.region for record in ledger.records(type=tokens.ADDRESS)] == [REGION, "us-east1"]
    assert Cloud(ledger, GCP, project="other-project").diff(here, {"name": "a"}).replaces == ["project"]
    assert Cloud(ledger, GCP, region="us-east1").diff(here, {"name": "a"}).replaces == ["region"]
    link = {"name": "a", "region": f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/regions/{REGION}"}
    assert cloud.diff(here, link).changes is False
    cloud.delete(there)
    assert [record.id for record in ledger.records()] == [here.id]


def test_a_resource_that_nobody_gives_a_place_is_refused(ledger: Ledger) -> None:
    cloud = Cloud(ledger, GCP, region=None, zone=None)
    with pytest.raises(RefusedError, match="region: is required: set it, or gcp:region"):
        cloud.check(tokens.ADDRESS, "a", {})
    with pytest.raises(RefusedError, match="zone: is required: set it, or gcp:zone"):
        cloud.check(tokens.DISK, "a", {})


@pytest.mark.parametrize(("type_", "place"), [(tokens.ADDRESS, "region"), (tokens.DISK, "zone")])
def test_a_place_that_does_not_exist_is_refused_by_the_cloud(cloud: Cloud, type_: str, place: str) -> None:
    with pytest.raises(Exception, match=r"use (one|a zone) such as europe-west3"):
        cloud.create(type_, {"name": "a", place: "mars-north1"})


def test_a_deletion_policy_is_kept_by_the_provider(ledger: Ledger, world: World) -> None:
    prevented = world.cloud.create(tokens.ADDRESS, {"name": "a", "deletionPolicy": "PREVENT"})
    with pytest.raises(Exception, match="its deletionPolicy is PREVENT: set deletionPolicy to DELETE and `pulumi up`"):
        world.cloud.delete(prevented)
    abandoned = world.cloud.update(prevented, {"name": "a", "deletionPolicy": "ABANDON"})
    world.cloud.delete(abandoned)
    assert [record.id for record in ledger.records()] == [prevented.id]
    kept = Cloud(ledger, GCP, deletionPolicy="PREVENT").create(tokens.ADDRESS, {"name": "b"})
    assert kept["deletionPolicy"] == "PREVENT"
    world.cloud.delete(world.cloud.update(kept, {"name": "b"}))
    assert len(ledger.records()) == 1


def test_names_are_lower_case_where_the_bridge_makes_them_so(cloud: Cloud) -> None:
    network = cloud.check(tokens.NETWORK, "Fleet", {"autoCreateSubnetworks": False})
    assert network["name"].startswith("fleet-")
    assert cloud.check(tokens.ADDRESS, "fleet", {})["name"].startswith("fleet-")
    account = cloud.check(tokens.ACCOUNT, "a-name-that-is-much-too-long-for-it", {})
    assert len(account["accountId"]) == 30
    with pytest.raises(RefusedError, match="name: 'Fleet-"):
        cloud.check(tokens.ADDRESS, "Fleet", {})


@pytest.mark.parametrize("type_", [tokens.NETWORK, tokens.SUBNETWORK, tokens.ROUTER, tokens.FIREWALL, tokens.DISK])
def test_a_name_is_there_once_in_its_project_and_place(world: World, type_: str) -> None:
    world.have(type_)
    with pytest.raises(Exception, match="already exists: choose another name"):
        world.cloud.create(type_, world.sample(type_))


def test_a_replacement_with_a_fixed_name_comes_after_the_deletion(world: World) -> None:
    made = world.have(tokens.ACCOUNT)
    assert world.cloud.diff(made, world.sample(tokens.ACCOUNT, accountId="another-host")).delete_before_replace
    named = world.cloud.create(tokens.ACCOUNT, {}, name="account")
    assert world.cloud.diff(named, {}).changes is False
    moved = world.cloud.diff(named, {"project": "other-project"})
    assert (moved.replaces, moved.delete_before_replace) == (["project"], False)
