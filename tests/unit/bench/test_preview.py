import json
from types import SimpleNamespace
from typing import Any, cast

from bench import preview
from ops.rehearsal import Rehearsal


def step(urn: str = "urn:a", **changes: Any) -> dict[str, Any]:
    """One step of the engine's digest."""
    state = {
        "urn": urn,
        "type": "aws:ec2/vpc:Vpc",
        "inputs": {"cidrBlock": "10.0.0.0/16"},
        "dependencies": ["urn:x", "urn:y"],
        "propertyDependencies": {"cidrBlock": ["urn:x", "urn:y"]},
        "sourcePosition": "project:///a.py#1",
        "stackTrace": [{}],
    }
    return {"op": "create", "urn": urn, "newState": {**state, **changes}}


def asked(*steps: dict[str, Any]) -> preview.Asked:
    """What a preview with these steps asked for."""
    fake = SimpleNamespace(pulumi=lambda *_: SimpleNamespace(stdout=json.dumps({"steps": steps})))
    return preview._asked(cast("Rehearsal", fake))


def test_source_positions_and_the_order_of_dependencies_do_not_matter() -> None:
    moved = step(
        sourcePosition="project:///b.py#2",
        dependencies=["urn:y", "urn:x"],
        propertyDependencies={"cidrBlock": ["urn:y", "urn:x"]},
    )
    assert asked(step()) == asked(moved)


def test_inputs_and_dependencies_matter() -> None:
    assert asked(step()) != asked(step(inputs={"cidrBlock": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}))
    assert asked(step()) != asked(step(dependencies=["urn:x"]))
    assert asked(step()) != asked(step(), step("urn:b"))


def test_what_is_only_read_is_not_compared() -> None:
    assert asked(step(), {**step("urn:reference"), "op": "read"}).keys() == {"urn:a"}


def test_difference_names_the_first_resource_and_counts_all() -> None:
    text = preview._difference(asked(step(), step("urn:b")), asked(step(protect=True)))
    assert "2 in all, the first: urn:a" in text
    assert "remedy" in text
