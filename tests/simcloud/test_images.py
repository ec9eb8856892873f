"""getAmi filters truly: an image is found only by what it is, and never a stranger's by accident."""

import pytest

from simcloud.core.errors import CloudError
from tests.simcloud.driver import Cloud, RefusedError

GET_AMI = "aws:ec2/getAmi:getAmi"
DEBIAN = "136693071363"


def by(**filters: object) -> list[dict[str, object]]:
    return [{"name": name.replace("_", "-"), "values": values} for name, values in filters.items()]


GOOD = {"owners": [DEBIAN], "mostRecent": True, "filters": by(name=["debian-13-amd64-*"], architecture=["x86_64"])}


def test_the_newest_image_of_the_owner_is_found(cloud: Cloud) -> None:
    image = cloud.invoke(GET_AMI, GOOD)
    assert (image["name"], image["ownerId"]) == ("debian-13-amd64-20261006-2622", DEBIAN)
    assert image["id"] == image["imageId"] == cloud.invoke(GET_AMI, GOOD)["id"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"filters": by(architecture=["arm64"])}, "debian-13-arm64-20261006-2622"),
        ({"filters": by(name=["debian-12-amd64-????????-*"])}, "debian-12-amd64-20261006-2622"),
        ({"filters": by(name=["nothing", "debian-13-amd64-20260811-2566"])}, "debian-13-amd64-20260811-2566"),
        ({"nameRegex": "^debian-13-amd64-202608"}, "debian-13-amd64-20260811-2566"),
        ({"owners": None, "allowUnsafeFilter": True}, "debian-13-amd64-20261020-0001"),
    ],
)
def test_each_part_of_a_search_counts(cloud: Cloud, change: dict, name: str) -> None:
    args = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    assert cloud.invoke(GET_AMI, args)["name"] == name


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"owners": ["self"]}, "no results"),
        ({"filters": by(name=["debian-14-*"])}, "no results"),
        ({"filters": by(virtualization_type=["paravirtual"])}, "no results"),
        ({"filters": by(is_public=["false"])}, "no results"),
        ({"mostRecent": False}, "returned 2 results"),
        ({"owners": None}, "most_recent is true without owners"),
        ({"owners": []}, "owners is empty"),
        ({"filters": by(nmae=["debian-13-*"])}, "The filter 'nmae' is invalid"),
        ({"filters": by(name=["debian-13-amd64-2026?006-2622x"])}, "no results"),
    ],
)
def test_a_search_that_finds_nothing_or_too_much_is_an_error(cloud: Cloud, change: dict, error: str) -> None:
    args = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(CloudError, match=error):
        cloud.invoke(GET_AMI, args)


@pytest.mark.parametrize("change", [{"owner": ["x"]}, {"owners": [1]}, {"filters": [{"name": "x"}]}])
def test_arguments_are_checked_against_the_schema(cloud: Cloud, change: dict) -> None:
    with pytest.raises(RefusedError):
        cloud.invoke(GET_AMI, {**GOOD, **change})


def test_an_image_has_another_id_in_another_region(cloud: Cloud) -> None:
    assert cloud.invoke(GET_AMI, GOOD)["id"] != cloud.invoke(GET_AMI, {**GOOD, "region": "us-east-1"})["id"]


def test_every_output_of_get_ami_is_there(cloud: Cloud) -> None:
    optional = {"executableUsers", "nameRegex", "allowUnsafeFilter"}  # echoes of arguments
    outputs = set(cloud.provider.catalogue.schema(GET_AMI).outputs)
    assert outputs - optional <= cloud.invoke(GET_AMI, GOOD).keys()


def test_the_caller_is_of_the_simulated_account(cloud: Cloud) -> None:
    caller = cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})
    assert (caller["accountId"], caller["arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/simcloud")
