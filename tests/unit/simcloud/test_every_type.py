"""What holds for every type: samples pass, nothing drifts, previews do not lie, bad names are refused."""

import pytest
from pulumi.provider.experimental import provider as sdk

from simcloud.aws import tokens
from simcloud.aws.models import MODELS
from simcloud.core.check import DEFAULTS
from simcloud.core.schema import DATA, Catalogue, Field
from simcloud.core.values import UNKNOWN, has_unknown
from tests.unit.simcloud.driver import Cloud, RefusedError
from tests.unit.simcloud.samples import SAMPLES, World

CATALOGUE = Catalogue(DATA / "aws.json")
TYPES = sorted(SAMPLES)
SKIPS_REAL_DELETION = {tokens.KEY}
every_type = pytest.mark.parametrize("token", TYPES)


def conditional(fields: dict[str, Field] | None, path: str = "") -> list[str]:
    found = []
    for name, field in (fields or {}).items():
        open_ = field.replaces is None or field.replaces_when or field.replaces_unless
        found += [path + name] if open_ else []
        found += conditional(dict(field.fields), f"{path}{name}.")
    return found


def test_models_data_and_samples_speak_of_the_same_types() -> None:
    assert sorted(MODELS) == sorted(CATALOGUE.resources) == TYPES


@every_type
def test_every_condition_of_a_replacement_has_a_decision_in_code(token: str) -> None:
    model = MODELS[token]
    open_ones = [
        p for p in conditional(dict(CATALOGUE.schema(token).inputs)) if p.split(".")[0] not in model.unsupported
    ]
    assert sorted(open_ones) == sorted(model.decisions)


@every_type
def test_a_model_refuses_only_properties_that_the_type_has(token: str) -> None:
    assert MODELS[token].unsupported <= CATALOGUE.schema(token).inputs.keys()


@every_type
def test_creating_gives_every_output_of_the_real_type(token: str, world: World) -> None:
    schema = CATALOGUE.schema(token)
    made = world.have(token)
    computed = {n for n, f in schema.inputs.items() if f.computed and not f.type.startswith("object")}
    assert {*schema.outputs, *computed, *(made.inputs.keys() - {DEFAULTS}), "id"} <= made.outputs.keys()
    assert made["id"] == made.id
    assert not has_unknown(dict(made.outputs))


@every_type
def test_a_second_update_finds_nothing_to_do(token: str, world: World) -> None:
    made = world.have(token)
    answer = world.cloud.diff(made, world.sample(token))
    assert (answer.changes, answer.detailed_diff) == (False, {})


@every_type
def test_a_refresh_after_the_creation_finds_nothing_to_do(token: str, world: World) -> None:
    made = world.have(token)
    seen = world.cloud.read(made)
    assert seen is not None
    assert seen.inputs == made.inputs
    assert world.cloud.diff(seen, world.sample(token)).changes is False


@every_type
def test_an_import_by_id_needs_no_change_afterwards(token: str, world: World) -> None:
    made = world.have(token)
    imported = world.cloud.adopt(token, made.id)
    assert imported is not None
    assert imported.outputs.keys() == made.outputs.keys()
    assert world.cloud.diff(imported, world.sample(token)).changes is False


@every_type
def test_what_a_preview_knows_is_what_the_update_gives(token: str, world: World) -> None:
    planned = world.cloud.preview(token, world.sample(token))
    made = world.have(token)
    known = {name: value for name, value in planned.items() if not has_unknown(value)}
    assert known
    assert {name: made[name] for name in known} == known
    assert made.outputs.keys() - planned.keys() <= {"id"}


@every_type
def test_a_preview_writes_nothing(token: str, world: World) -> None:
    sample = world.sample(token)
    before = world.cloud.ledger.records()
    world.cloud.preview(token, sample)
    assert world.cloud.ledger.records() == before


@every_type
def test_any_one_unknown_input_passes_check_and_diff(token: str, world: World) -> None:
    sample = world.sample(token)
    made = world.have(token)
    for name in sample:
        answer = world.cloud.diff(made, {**sample, name: UNKNOWN})
        assert [path for path in answer.detailed_diff if path.startswith(name)], name
        assert has_unknown(world.cloud.preview(token, {**sample, name: UNKNOWN})[name])


@every_type
def test_a_misspelt_property_is_refused_with_the_right_one(token: str, world: World) -> None:
    sample = world.sample(token)
    name = next(iter(sample))
    with pytest.raises(RefusedError, match=f"did you mean {name}"):
        world.cloud.check(token, "x", {**sample, f"{name}x": "1"})


@every_type
def test_an_output_cannot_be_given(token: str, world: World) -> None:
    with pytest.raises(RefusedError, match=r"id: .*set by the cloud"):
        world.cloud.check(token, "x", {**world.sample(token), "id": "1"})


@every_type
def test_what_is_not_simulated_is_refused_and_never_ignored(token: str, world: World) -> None:
    good = {"boolean": True, "integer": 1, "string": "x", "list<string>": ["x"], "list<object>": [{}], "object": {}}
    for name in MODELS[token].unsupported:
        field = CATALOGUE.schema(token).inputs[name]
        value = field.values[0] if field.values else good[field.type]
        if value == {} or value == [{}]:
            continue  # needs fields of its own; the string, number and boolean ones stand for it
        with pytest.raises(RefusedError) as refused:
            world.cloud.check(token, "x", {**world.sample(token), name: value})
        assert any(path.split("[")[0] == name for path in refused.value.properties) or "conflict" in str(refused.value)


@every_type
def test_deleting_removes_it_and_a_second_time_counts_as_done(token: str, world: World) -> None:
    made = world.have(token)
    world.cloud.delete(made)
    if token not in SKIPS_REAL_DELETION:
        assert world.cloud.record(made) is None
    assert world.cloud.read(made) is None
    world.cloud.delete(made)


@every_type
def test_another_region_replaces_but_the_providers_own_does_not(token: str, world: World) -> None:
    if "region" not in CATALOGUE.schema(token).inputs:
        assert MODELS[token].regional is False
        return
    made = world.have(token)
    assert world.cloud.diff(made, world.sample(token, region="eu-central-1")).changes is False
    assert "region" in world.cloud.diff(made, world.sample(token, region="eu-west-1")).replaces


@every_type
def test_tags_change_in_place_where_a_type_has_them(token: str, world: World) -> None:
    made = world.have(token)
    if "tags" not in CATALOGUE.schema(token).inputs:
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


def test_an_unknown_type_is_an_error_and_never_passes(cloud: Cloud) -> None:
    with pytest.raises(Exception, match="aws:s3/bucket:Bucket is not simulated: leave it out"):
        cloud.check("aws:s3/bucket:Bucket", "b", {})


def test_an_unknown_function_is_an_error_and_never_passes(cloud: Cloud) -> None:
    with pytest.raises(Exception, match="aws:ec2/getVpc:getVpc is not simulated"):
        cloud.invoke("aws:ec2/getVpc:getVpc", {})


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
