"""What holds for every type of every provider: samples pass, nothing drifts, previews do not lie, bad names are refused."""

import re

import pytest

from simcloud.core.check import DEFAULTS
from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.schema import Field
from simcloud.core.values import UNKNOWN, has_unknown
from tests.simcloud.digitalocean_samples import DIGITALOCEAN
from tests.simcloud.driver import Cloud, Package, RefusedError, World
from tests.simcloud.gcp_samples import GCP
from tests.simcloud.samples import AWS

PACKAGES = [AWS, DIGITALOCEAN, GCP]
"""Every simulated provider."""

PAIRS = [(package, token) for package in PACKAGES for token in sorted(package.samples)]
every_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
every_type = pytest.mark.parametrize(("package", "token"), PAIRS, ids=[token for _, token in PAIRS])


def conditional(fields: dict[str, Field] | None, path: str = "") -> list[str]:
    found = []
    for name, field in (fields or {}).items():
        open_ = field.replaces is None or field.replaces_when or field.replaces_unless
        found += [path + name] if open_ else []
        found += conditional(dict(field.fields), f"{path}{name}.")
    return found


def field_at(package: Package, token: str, dotted: str) -> Field:
    """The field that a dotted name of `Model.unsupported` leads to."""
    names = dotted.split(".")
    field = package.catalogue.schema(token).inputs[names[0]]
    for name in names[1:]:
        field = field.fields[name]
    return field


def with_value(old: object, names: list[str], value: object) -> object:
    """The old value of a sample with another one where the names lead to, in each element of a list."""
    if not names:
        return value
    if isinstance(old, list):
        return [with_value(item, names, value) for item in old]
    inner = old if isinstance(old, dict) else {}
    return {**inner, names[0]: with_value(inner.get(names[0]), names[1:], value)}


@every_package
def test_models_data_and_samples_speak_of_the_same_types(package: Package) -> None:
    assert sorted(package.models) == sorted(package.catalogue.resources) == sorted(package.samples)


@every_type
def test_every_condition_of_a_replacement_has_a_decision_in_code(package: Package, token: str) -> None:
    model = package.models[token]
    open_ones = [
        path
        for path in conditional(dict(package.catalogue.schema(token).inputs))
        if not any(f"{path}.".startswith(f"{name}.") for name in model.unsupported)
    ]
    assert sorted(open_ones) == sorted(model.decisions)


@every_type
def test_a_model_refuses_only_properties_that_the_type_has(package: Package, token: str) -> None:
    for dotted in package.models[token].unsupported:
        assert field_at(package, token, dotted), dotted


@every_type
def test_creating_gives_every_output_of_the_real_type(package: Package, token: str, world: World) -> None:
    schema = package.catalogue.schema(token)
    made = world.have(token)
    computed = {n for n, f in schema.inputs.items() if f.computed and not f.type.startswith("object")}
    assert {*schema.outputs, *computed, *(made.inputs.keys() - {DEFAULTS}), "id"} <= made.outputs.keys()
    assert made["id"] == made.id
    assert not has_unknown(dict(made.outputs))


@every_type
def test_a_second_update_finds_nothing_to_do(package: Package, token: str, world: World) -> None:
    made = world.have(token)
    answer = world.cloud.diff(made, world.sample(token))
    assert (answer.changes, answer.detailed_diff) == (False, {})


@every_type
def test_a_refresh_after_the_creation_finds_nothing_to_do(package: Package, token: str, world: World) -> None:
    made = world.have(token)
    seen = world.cloud.read(made)
    assert seen is not None
    assert seen.inputs == made.inputs
    assert world.cloud.diff(seen, world.sample(token)).changes is False


@every_type
def test_an_import_by_id_needs_no_change_afterwards(package: Package, token: str, world: World) -> None:
    made = world.have(token)
    import_id = package.import_id(made)
    if import_id is None:
        with pytest.raises(CloudError, match="doesn't support import"):
            world.cloud.adopt(token, made.id)
        return
    imported = world.cloud.adopt(token, import_id)
    assert imported is not None
    assert imported.id == made.id
    assert imported.outputs.keys() == made.outputs.keys()
    assert world.cloud.diff(imported, world.sample(token)).changes is False


@every_type
def test_what_a_preview_knows_is_what_the_update_gives(package: Package, token: str, world: World) -> None:
    planned = world.cloud.preview(token, world.sample(token))
    made = world.have(token)
    known = {name: value for name, value in planned.items() if not has_unknown(value)}
    assert known
    assert {name: made[name] for name in known} == known
    assert made.outputs.keys() - planned.keys() <= {"id"}


@every_type
def test_a_preview_writes_nothing(package: Package, token: str, world: World) -> None:
    sample = world.sample(token)
    before = world.cloud.ledger.records()
    world.cloud.preview(token, sample)
    assert world.cloud.ledger.records() == before


@every_type
def test_any_one_unknown_input_passes_check_and_diff(package: Package, token: str, world: World) -> None:
    sample = world.sample(token)
    made = world.have(token)
    for name in sample:
        answer = world.cloud.diff(made, {**sample, name: UNKNOWN})
        assert [path for path in answer.detailed_diff if path.startswith(name)], name
        assert has_unknown(world.cloud.preview(token, {**sample, name: UNKNOWN})[name])


@every_type
def test_a_misspelt_property_is_refused_with_the_right_one(package: Package, token: str, world: World) -> None:
    sample = world.sample(token)
    name = next(iter(sample))
    with pytest.raises(RefusedError, match=f"did you mean {name}"):
        world.cloud.check(token, "x", {**sample, f"{name}x": "1"})


@every_type
def test_an_output_cannot_be_given(package: Package, token: str, world: World) -> None:
    with pytest.raises(RefusedError, match=r"id: .*set by the cloud"):
        world.cloud.check(token, "x", {**world.sample(token), "id": "1"})


@every_type
def test_what_is_not_simulated_is_refused_and_never_ignored(package: Package, token: str, world: World) -> None:
    good = {"boolean": True, "integer": 1, "string": "x", "list<string>": ["x"], "map<string>": {"x": "x"}}
    good |= {"list<object>": [{}], "object": {}}
    sample = world.sample(token)
    for dotted in package.models[token].unsupported:
        name, field = dotted.partition(".")[0], field_at(package, token, dotted)
        value = field.values[0] if field.values else good[field.type]
        if value == {} or value == [{}]:
            continue  # needs fields of its own; the string, number and boolean ones stand for it
        with pytest.raises(RefusedError) as refused:
            world.cloud.check(token, "x", {**sample, name: with_value(sample.get(name), dotted.split(".")[1:], value)})
        assert any(re.split(r"[.[]", path)[0] == name for path in refused.value.properties) or "conflict" in str(
            refused.value
        )


@every_type
def test_deleting_removes_it_and_a_second_time_counts_as_done(package: Package, token: str, world: World) -> None:
    made = world.have(token)
    world.cloud.delete(made)
    if token in package.undeletable:
        assert world.cloud.record(made) is not None
    else:
        assert world.cloud.record(made) is None
        assert world.cloud.read(made) is None
    world.cloud.delete(made)


@every_package
def test_an_unknown_type_is_an_error_and_never_passes(package: Package, cloud: Cloud) -> None:
    token = f"{package.name}:storage/unheardOf:UnheardOf"
    with pytest.raises(SimcloudError, match=f"{token} is not simulated: leave it out"):
        cloud.check(token, "b", {})


@every_package
def test_an_unknown_function_is_an_error_and_never_passes(package: Package, cloud: Cloud) -> None:
    token = f"{package.name}:storage/getUnheardOf:getUnheardOf"
    with pytest.raises(SimcloudError, match=f"{token} is not simulated: leave it out"):
        cloud.invoke(token, {})
