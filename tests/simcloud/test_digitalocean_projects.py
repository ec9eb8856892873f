"""Tags and projects of DigitalOcean, which hold what other resources are."""

import pytest

from simcloud.core.errors import CloudError
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import DIGITALOCEAN, droplet
from tests.simcloud.driver import Made, RefusedError, World, paths

PACKAGE = DIGITALOCEAN


def seen(world: World, made: Made) -> Made:
    found = world.cloud.read(made)
    assert found is not None
    return found


def tag_names(world: World) -> list[tuple[str, bool]]:
    """Each tag, and whether a program made it."""
    return [(record.id, bool(record.urn)) for record in world.cloud.ledger.records(type=tokens.TAG)]


def test_a_tag_has_a_name_that_tags_can_have(world: World) -> None:
    for name in ("a b", "a.b", "", "x" * 256):
        with pytest.raises(RefusedError, match="name: "):
            world.cloud.check(tokens.TAG, "x", {"name": name})
    made = world.have(tokens.TAG)
    assert made.id == "testnet-sentry"
    assert paths(world.cloud.diff(made, {"name": "new"})) == {"name": "UPDATE_REPLACE"}


def test_droplets_and_volumes_make_the_tags_they_name(world: World) -> None:
    droplet(world, tags=["one", "testnet-sentry"])
    world.cloud.create(tokens.VOLUME, world.sample(tokens.VOLUME, tags=["ONE", "two"]))
    assert tag_names(world) == [("testnet-sentry", True), ("one", False), ("two", False)]


def test_an_update_makes_the_tags_it_names(world: World) -> None:
    at, volume = world.have(tokens.DROPLET), world.have(tokens.VOLUME)
    assert world.cloud.update(at, world.sample(tokens.DROPLET, tags=["new1"]))["tags"] == ["new1"]
    world.cloud.update(volume, world.sample(tokens.VOLUME, tags=["new2"]))
    assert {("new1", False), ("new2", False)} < set(tag_names(world))


def test_a_tag_that_exists_is_taken_as_it_is(world: World) -> None:
    droplet(world, tags=["testnet-SENTRY"])
    made = world.cloud.create(tokens.TAG, {"name": "Testnet-Sentry"})
    assert tag_names(world) == [("Testnet-Sentry", True)]
    assert (made["dropletsCount"], made["volumesCount"], made["totalResourceCount"]) == (1, 0, 1)


def test_a_tag_counts_what_carries_it(world: World) -> None:
    made = world.have(tokens.TAG)
    assert made["totalResourceCount"] == 0
    world.have(tokens.DROPLET)
    world.have(tokens.VOLUME)
    counted = seen(world, made)
    assert (counted["dropletsCount"], counted["volumesCount"], counted["totalResourceCount"]) == (1, 1, 2)


def test_deleting_a_tag_takes_it_from_everything_in_the_account(world: World) -> None:
    tag = world.have(tokens.TAG)["name"]
    at, volume = world.have(tokens.DROPLET), world.have(tokens.VOLUME)
    rule = {"protocol": "tcp", "portRange": "22", "sourceTags": [tag.upper(), "fleet"]}
    firewall = world.cloud.create(tokens.FIREWALL, world.sample(tokens.FIREWALL, inboundRules=[rule]))
    world.cloud.delete(world.have(tokens.TAG))
    assert seen(world, at)["tags"] == ["fleet"]
    assert seen(world, volume)["tags"] == []
    stripped = seen(world, firewall)
    assert (stripped["tags"], stripped["inboundRules"][0]["sourceTags"]) == ([], ["fleet"])
    assert paths(world.cloud.diff(seen(world, volume), world.sample(tokens.VOLUME, tags=[tag]))) == {"tags[0]": "ADD"}
    with pytest.raises(CloudError, match="tags testnet-sentry do not exist"):
        world.cloud.update(firewall, dict(firewall.inputs))


def test_the_provider_refuses_a_project_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, str]] = [
        ({"name": ""}, "name"),
        ({"name": "x" * 176}, "name"),
        ({"description": "x" * 256}, "description"),
        ({"purpose": "x" * 256}, "purpose"),
        ({"environment": "testnet"}, "environment"),
        ({"isDefault": True}, "isDefault"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.PROJECT, "x", world.sample(tokens.PROJECT, **change))
            assert error.value.properties == {refused}


def test_a_project_takes_droplets_and_volumes_that_exist(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[str, str]] = [
        (f"do:vpc:{world.have(tokens.VPC).id}", "422: 'do:vpc:.*' cannot be in a project"),
        ("nonsense", "422: 'nonsense' cannot be in a project"),
        ("do:droplet:7", "404: droplet '7' not found"),
        ("do:volume:x", "404: volume 'x' not found"),
    ]
    for urn, message in cases:
        with subtests.test(urn=urn), pytest.raises(CloudError, match=message):
            world.cloud.create(tokens.PROJECT, world.sample(tokens.PROJECT, resources=[urn]))
    assert world.cloud.ledger.records(type=tokens.PROJECT) == []


def test_everything_of_a_project_changes_in_place(world: World, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict, set[str]]] = [
        ({"name": "new"}, {"name"}),
        ({"description": None}, {"description"}),
        ({"purpose": "new"}, {"purpose"}),
        ({"environment": "production"}, set()),
        ({"environment": "staging"}, {"environment"}),
        ({"resources": []}, {"resources[0]"}),
        ({"resources": None}, set()),
    ]
    made = world.have(tokens.PROJECT)
    for change, expected in cases:
        with subtests.test(change=change):
            answer = world.cloud.diff(made, world.sample(tokens.PROJECT, **change))
            assert (set(paths(answer)), answer.replaces) == (expected, [])


def test_names_of_projects_are_unique(world: World) -> None:
    world.have(tokens.PROJECT)
    with pytest.raises(CloudError, match="409: project name 'testnet' is already in use"):
        world.cloud.create(tokens.PROJECT, world.sample(tokens.PROJECT))
    other = world.cloud.create(tokens.PROJECT, world.sample(tokens.PROJECT, name="other"))
    with pytest.raises(CloudError, match="409: project name 'testnet' is already in use"):
        world.cloud.update(other, world.sample(tokens.PROJECT))


def test_a_resource_is_in_one_project(world: World) -> None:
    urn = world.have(tokens.DROPLET)["dropletUrn"]
    first = world.have(tokens.PROJECT)
    second = world.cloud.create(tokens.PROJECT, world.sample(tokens.PROJECT, name="second"))
    assert (seen(world, first)["resources"], second["resources"]) == ([], [urn])


def test_what_a_project_leaves_out_goes_to_the_default_one(world: World) -> None:
    made, volume = world.have(tokens.PROJECT), world.have(tokens.VOLUME)["volumeUrn"]
    after = world.cloud.update(made, world.sample(tokens.PROJECT, resources=[volume]))
    assert after["resources"] == [volume]
    record = world.cloud.record(world.have(tokens.DROPLET))
    assert record is not None
    assert record.hidden == {}


def test_a_project_moves_what_it_lists_and_stays_while_it_holds_more(world: World) -> None:
    members, project = world.have(tokens.PROJECT_RESOURCES), world.have(tokens.PROJECT)
    with pytest.raises(CloudError, match=r"412: cannot delete a project with resources: .* has do:volume") as error:
        world.cloud.delete(project)
    assert error.value.retry
    assert len(seen(world, project)["resources"]) == 2, "a refused deletion moves nothing"
    world.cloud.delete(members)
    assert seen(world, project)["resources"] == [world.have(tokens.DROPLET)["dropletUrn"]]
    world.cloud.delete(project)
    assert world.cloud.read(world.have(tokens.DROPLET)) is not None


def test_a_refreshed_project_knows_what_to_move(world: World) -> None:
    world.have(tokens.PROJECT_RESOURCES)
    project = world.have(tokens.PROJECT)
    assert len(seen(world, project)["resources"]) == 2
    world.cloud.delete(project)


def test_members_are_compared_with_what_is_there(world: World) -> None:
    made, other = world.have(tokens.PROJECT_RESOURCES), droplet(world, name="other")
    at = other["dropletUrn"]
    volume = world.have(tokens.VOLUME)["volumeUrn"]
    assert (made.id, made["resources"]) == (world.have(tokens.PROJECT).id, [volume])
    both = world.sample(tokens.PROJECT_RESOURCES, resources=[at, volume])
    after = world.cloud.update(made, both)
    assert world.cloud.diff(after, {**both, "resources": [volume, at]}).changes is False
    assert at in seen(world, world.have(tokens.PROJECT))["resources"]
    world.cloud.delete(other)
    assert seen(world, after)["resources"] == [volume]
    assert world.cloud.update(after, world.sample(tokens.PROJECT_RESOURCES, resources=[]))["resources"] == []
    assert volume not in seen(world, world.have(tokens.PROJECT))["resources"]


def test_members_need_a_project_and_are_listed_in_one_place(world: World) -> None:
    with pytest.raises(CloudError, match="404: project 'none' not found"):
        world.cloud.create(tokens.PROJECT_RESOURCES, {"project": "none", "resources": []})
    with pytest.raises(RefusedError, match="project: must not be empty"):
        world.cloud.check(tokens.PROJECT_RESOURCES, "x", {"project": "", "resources": []})
    made = world.have(tokens.PROJECT_RESOURCES)
    assert world.cloud.diff(made, {**world.sample(tokens.PROJECT_RESOURCES), "project": "other"}).replaces == [
        "project"
    ]
    with pytest.raises(CloudError, match=r"409: project .* has a ProjectResources already"):
        world.cloud.create(tokens.PROJECT_RESOURCES, world.sample(tokens.PROJECT_RESOURCES))
