"""DigitalOcean's functions: lists that are filtered, and one network, gateway or volume by name."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import DIGITALOCEAN
from tests.simcloud.driver import Cloud, RefusedError, World

PACKAGE = DIGITALOCEAN
GET_DROPLETS = "digitalocean:index/getDroplets:getDroplets"
GET_PROJECTS = "digitalocean:index/getProjects:getProjects"
GET_KEYS = "digitalocean:index/getSshKeys:getSshKeys"
GET_TAGS = "digitalocean:index/getTags:getTags"
GET_VOLUME = "digitalocean:index/getVolume:getVolume"
GET_VPC = "digitalocean:index/getVpc:getVpc"
GET_GATEWAY = "digitalocean:index/getVpcNatGateway:getVpcNatGateway"

LISTS = {
    GET_DROPLETS: (tokens.DROPLET, "droplets"),
    GET_PROJECTS: (tokens.PROJECT, "projects"),
    GET_KEYS: (tokens.SSH_KEY, "sshKeys"),
    GET_TAGS: (tokens.TAG, "tags"),
}
SINGLE = {
    GET_VOLUME: (tokens.VOLUME, "no volumes found with name nobody"),
    GET_VPC: (tokens.VPC, "Error retrieving VPC: no VPCs found with name nobody"),
    GET_GATEWAY: (tokens.NAT_GATEWAY, "Error listing VPC NAT Gateway by name: <nil>"),
}


def by(key: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"filters": [{"key": key, "values": [*values], **more}]}


@pytest.mark.parametrize(("function", "token", "output"), [(name, *about) for name, about in LISTS.items()])
def test_a_list_has_what_there_is_and_nothing_is_no_error(function: str, token: str, output: str, world: World) -> None:
    made = world.have(token)
    found = world.cloud.invoke(function, by("name", made["name"]))[output]
    assert [str(one["name"]) for one in found] == [made["name"]]
    nested = DIGITALOCEAN.catalogue._raw["invokes"][function]["nested_outputs"][output]
    assert found[0].keys() == {*nested}
    assert world.cloud.invoke(function, by("name", "nobody"))[output] == []


@pytest.mark.parametrize("function", sorted(LISTS))
def test_a_key_that_the_list_does_not_have_is_refused(function: str, cloud: Cloud) -> None:
    with pytest.raises(CloudError, match="expected key to be one of"):
        cloud.invoke(function, by("colour", "red"))


@pytest.mark.parametrize("function", [*LISTS, *SINGLE])
def test_arguments_are_checked_against_the_schema(function: str, cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="colour"):
        cloud.invoke(function, {"colour": "red", "name": "x"})


@pytest.mark.parametrize("args", [{"sorts": [{"key": "name"}]}, {"gpus": True}], ids=str)
def test_what_is_not_simulated_says_so(cloud: Cloud, args: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="is not simulated: leave it out"):
        cloud.invoke(GET_DROPLETS, args)


@pytest.mark.parametrize(
    ("args", "hit"),
    [
        (by("tags", "a"), True),
        (by("tags", "a", "c"), True),
        (by("tags", "a", "c", all=True), False),
        (by("tags", "a", "b", all=True), True),
        (by("name", "host", matchBy="substring"), True),
        (by("name", "host"), False),
        (by("name", "^host-[0-9]$", matchBy="re"), True),
        (by("region", "fra1"), True),
        (by("ipv6", "false"), True),
        (by("ipv6", "true"), False),
    ],
    ids=str,
)
def test_each_part_of_a_filter_counts(world: World, args: dict[str, Any], hit: bool) -> None:
    made = world.cloud.create(
        tokens.DROPLET, world.sample(tokens.DROPLET, name="host-1", tags=["a", "b"], region="fra1", ipv6=False)
    )
    found = [str(int(one["id"])) for one in world.cloud.invoke(GET_DROPLETS, args)["droplets"]]
    assert found == ([made.id] if hit else [])


def test_a_droplet_that_was_deleted_is_not_listed(world: World) -> None:
    made = world.have(tokens.DROPLET)
    world.cloud.delete(made)
    assert world.cloud.invoke(GET_DROPLETS, {})["droplets"] == []


def test_the_default_project_is_listed_as_such(world: World) -> None:
    made = world.have(tokens.PROJECT)
    found = world.cloud.invoke(GET_PROJECTS, {})["projects"]
    assert [(one["name"], one["isDefault"]) for one in found] == [("default", True), (made["name"], False)]


@pytest.mark.parametrize(("function", "token", "missing"), [(name, *about) for name, about in SINGLE.items()])
def test_one_is_got_by_name_or_missing_in_the_providers_words(
    function: str, token: str, missing: str, world: World
) -> None:
    made = world.have(token)
    answer = world.cloud.invoke(function, {"name": made["name"]})
    assert answer["id"] == made.id
    assert answer.keys() == {*DIGITALOCEAN.catalogue.schema(function).outputs}
    with pytest.raises(CloudError, match=missing):
        world.cloud.invoke(function, {"name": "nobody"})


def test_a_volumes_name_may_be_taken_once_in_each_region(world: World) -> None:
    here = world.have(tokens.VOLUME)
    there = world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, region="nyc3"))
    with pytest.raises(CloudError, match="too many volumes found with name"):
        world.cloud.invoke(GET_VOLUME, {"name": here["name"]})
    assert world.cloud.invoke(GET_VOLUME, {"name": here["name"], "region": "NYC3"})["id"] == there.id


@pytest.mark.parametrize("args", [{}, {"id": "x", "name": "y"}, {"name": "y", "region": "fra1"}], ids=str)
def test_a_network_is_asked_for_in_one_way(cloud: Cloud, args: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        cloud.invoke(GET_VPC, args)


@pytest.mark.parametrize("token", [tokens.VOLUME_ATTACHMENT, tokens.PROJECT_RESOURCES])
def test_what_cannot_be_imported_is_read_all_the_same(token: str, world: World) -> None:
    made = world.have(token)
    assert world.cloud.read(made) is not None
    with pytest.raises(CloudError, match="doesn't support import: make it again"):
        world.cloud.adopt(token, made.id)
