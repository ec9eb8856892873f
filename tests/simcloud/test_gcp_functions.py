"""GCP's functions: images by name and family, projects, key rings."""

import pytest

from simcloud.core.errors import CloudError
from simcloud.gcp import tokens
from simcloud.gcp.account import project_number
from tests.simcloud.driver import Cloud, RefusedError, World
from tests.simcloud.gcp_samples import GCP, IMAGE, IMAGE_LINK, PROJECT

PACKAGE = GCP
GET_IMAGE = "gcp:compute/getImage:getImage"
GET_KEY_RINGS = "gcp:kms/getKeyRings:getKeyRings"
GET_ASSETS = "gcp:cloudasset/getSearchAllResources:getSearchAllResources"
GET_PROJECT = "gcp:organizations/getProject:getProject"


def test_a_family_stands_for_its_newest_image_that_is_not_deprecated(cloud: Cloud) -> None:
    image = cloud.invoke(GET_IMAGE, {"family": "debian-13", "project": "debian-cloud"})
    assert (image["id"], image["selfLink"]) == (IMAGE, IMAGE_LINK)
    assert image.keys() == {*GCP.catalogue.schema(GET_IMAGE).outputs}


@pytest.mark.parametrize(
    "args",
    [
        {"family": "debian-13"},
        {"family": "debian-13", "project": "ubuntu-os-cloud"},
        {"family": "debian-99", "project": "debian-cloud"},
        {"name": "debian-13", "project": "debian-cloud"},
        {"name": "debian-13-trixie-v20261014", "project": "ubuntu-os-cloud"},
    ],
    ids=str,
)
def test_a_wrong_project_family_or_name_is_an_error_that_names_the_right_ones(cloud: Cloud, args: dict) -> None:
    with pytest.raises(CloudError, match=r"notFound: .*one of debian-cloud/debian-12, debian-cloud/debian-13, "):
        cloud.invoke(GET_IMAGE, args)


def test_an_image_is_found_by_its_name(cloud: Cloud) -> None:
    args = {"name": "debian-13-trixie-v20260812", "project": "debian-cloud"}
    assert cloud.invoke(GET_IMAGE, args)["creationTimestamp"].startswith("2026-08-12")


@pytest.mark.parametrize("args", [{}, {"family": "debian-13", "name": "x"}, {"family": "debian-13", "filter": "x"}])
def test_an_image_is_asked_for_in_one_way(cloud: Cloud, args: dict) -> None:
    with pytest.raises(RefusedError, match="family"):
        cloud.invoke(GET_IMAGE, args)


def test_a_filter_is_not_simulated_and_says_so(cloud: Cloud) -> None:
    with pytest.raises(Exception, match="getImage by filter is not simulated: use name or family"):
        cloud.invoke(GET_IMAGE, {"filter": "name = x"})


def test_a_project_has_a_number_that_is_its_own(cloud: Cloud) -> None:
    own = cloud.invoke(GET_PROJECT, {})
    assert (own["projectId"], own["number"], own["name"]) == (PROJECT, project_number(PROJECT), PROJECT)
    other = cloud.invoke(GET_PROJECT, {"projectId": "other-project"})
    assert (other["id"], len(other["number"])) == ("projects/other-project", 12)
    assert other["number"] != own["number"]
    assert own.keys() == {*GCP.catalogue.schema(GET_PROJECT).outputs}


@pytest.mark.parametrize("project", ["867763564124", "Fleet", "p"])
def test_a_project_that_cannot_be_is_an_error(cloud: Cloud, project: str) -> None:
    with pytest.raises(CloudError, match="name a project id, not a number"):
        cloud.invoke(GET_PROJECT, {"projectId": project})


def test_key_rings_of_one_location_and_project_are_listed_by_a_part_of_their_name(world: World) -> None:
    location = world.have(tokens.KEY_RING)["location"]
    parent = f"projects/{PROJECT}/locations/{location}/keyRings"
    for name in ("ring-a", "ring-b"):
        world.cloud.create(tokens.KEY_RING, {"name": name, "location": location})
    world.cloud.create(tokens.KEY_RING, {"name": "ring-far", "location": "us-east1"})
    for part, names in (("name:ring-", ["ring-a", "ring-b"]), (f"name={parent}/ring-a", ["ring-a"]), ("name:x-", [])):
        answer = world.cloud.invoke(GET_KEY_RINGS, {"location": location, "filter": part})
        assert answer["keyRings"] == [{"id": f"{parent}/{name}", "name": name} for name in names]
        assert answer.keys() == {*GCP.catalogue.schema(GET_KEY_RINGS).outputs}
    assert world.cloud.invoke(GET_KEY_RINGS, {"location": location, "project": "other-project"})["keyRings"] == []
    with pytest.raises(Exception, match="is not simulated: use name:PART"):
        world.cloud.invoke(GET_KEY_RINGS, {"location": location, "filter": "labels.a=b"})


def test_one_page_of_key_rings_is_all_there_is(world: World) -> None:
    for number in range(101):
        world.cloud.create(tokens.KEY_RING, {"name": f"r-{number}", "location": "europe-west3"})
    assert len(world.cloud.invoke(GET_KEY_RINGS, {"location": "europe-west3"})["keyRings"]) == 100


def test_a_grant_is_imported_by_its_three_parts(world: World) -> None:
    made = world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    with pytest.raises(CloudError, match="Wrong number of parts"):
        world.cloud.adopt(made.type, made.id)
    assert world.cloud.adopt(made.type, f"{made['cryptoKeyId']} roles/other {made['member']}") is None


def test_assets_are_the_disks_of_a_project_with_their_keys(world: World) -> None:
    key = world.have(tokens.CRYPTO_KEY).id
    disk = world.have(tokens.DISK)
    args = {"scope": f"projects/{PROJECT}", "assetTypes": ["compute.googleapis.com/Disk"]}
    (found,) = world.cloud.invoke(GET_ASSETS, args)["results"]
    assert found["name"] == f"//compute.googleapis.com/{disk.id}"
    encrypted = (disk.outputs.get("diskEncryptionKey") or {}).get("kmsKeySelfLink")
    assert found["kmsKeys"] == ([key] if encrypted else [])
    assert world.cloud.invoke(GET_ASSETS, {**args, "scope": "projects/other-project"})["results"] == []


@pytest.mark.parametrize(
    "args",
    [
        {"scope": f"projects/{PROJECT}"},
        {"scope": f"projects/{PROJECT}", "assetTypes": ["compute.googleapis.com/Instance"]},
        {"scope": f"projects/{PROJECT}", "assetTypes": ["compute.googleapis.com/Disk"], "query": "state:READY"},
        {"scope": "organizations/1", "assetTypes": ["compute.googleapis.com/Disk"]},
    ],
    ids=str,
)
def test_assets_of_another_kind_are_not_simulated(cloud: Cloud, args: dict) -> None:
    with pytest.raises(Exception, match="getSearchAllResources is simulated for assetTypes"):
        cloud.invoke(GET_ASSETS, args)
