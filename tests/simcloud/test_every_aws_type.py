"""What holds for every type of AWS: the region replaces, tags do not; and how changes reach the engine."""

import pytest
from pulumi.provider.experimental import provider as sdk

from simcloud.aws import tokens
from tests.simcloud.driver import RefusedError, World
from tests.simcloud.samples import AWS

every_type = pytest.mark.parametrize("token", sorted(AWS.samples))


@every_type
def test_another_region_replaces_but_the_providers_own_does_not(token: str, world: World) -> None:
    if "region" not in AWS.catalogue.schema(token).inputs:
        assert AWS.models[token].regional is False
        return
    made = world.have(token)
    assert world.cloud.diff(made, world.sample(token, region="eu-central-1")).changes is False
    assert "region" in world.cloud.diff(made, world.sample(token, region="eu-west-1")).replaces


@every_type
def test_tags_change_in_place_where_a_type_has_them(token: str, world: World) -> None:
    made = world.have(token)
    if "tags" not in AWS.catalogue.schema(token).inputs:
        with pytest.raises(RefusedError, match="tags: is not a property"):
            world.cloud.check(token, "x", world.sample(token, tags={"Name": "new"}))
        return
    changed = world.sample(token, tags={"Name": "new", "a.b/c": "1"})
    answer = world.cloud.diff(made, changed)
    assert answer.replaces == []
    assert 'tags["a.b/c"]' in answer.detailed_diff
    after = world.cloud.update(made, changed)
    assert after["tagsAll"] == {"Name": "new", "a.b/c": "1"}
    assert world.cloud.diff(after, changed).changes is False


def test_updating_what_is_gone_says_how_to_go_on(world: World) -> None:
    made = world.have(tokens.VPC)
    world.cloud.ledger.purge("unit")
    with pytest.raises(Exception, match="does not exist any more: run `pulumi refresh`"):
        world.cloud.update(made, world.sample(tokens.VPC, tags={"Name": "new"}))


def test_kinds_of_changes_reach_the_engine(world: World) -> None:
    made = world.have(tokens.VPC)
    changed = world.sample(tokens.VPC, cidrBlock="10.2.0.0/16", tags=None, enableDnsSupport=False)
    kinds = {path: change.kind for path, change in world.cloud.diff(made, changed).detailed_diff.items()}
    assert kinds == {
        "cidrBlock": sdk.PropertyDiffKind.UPDATE_REPLACE,
        "enableDnsSupport": sdk.PropertyDiffKind.UPDATE,
        "tags.Name": sdk.PropertyDiffKind.DELETE,
        "tagsAll.Name": sdk.PropertyDiffKind.DELETE,
    }
