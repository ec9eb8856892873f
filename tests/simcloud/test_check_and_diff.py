"""The schema's own checks, and the comparison of inputs with a state."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcloud.core.check import DEFAULTS, validate, with_defaults
from simcloud.core.diff import Change, Rules, compare
from simcloud.core.schema import Field, parse_fields
from simcloud.core.values import UNKNOWN

PLAIN = Rules(same=lambda prop, old, new: False, decisions={})

FIELDS = parse_fields(
    {
        "size": {"type": "integer", "required": True, "min": 1, "max": 9},
        "kind": {"type": "string", "default": "small", "values": ["small", "large"], "replaces": True},
        "name": {"type": "string", "computed": True, "conflicts_with": ["prefix"], "pattern": "^[a-z]+$", "max_length": 5},
        "prefix": {"type": "string", "conflicts_with": ["name"]},
        "left": {"type": "string", "one_of": ["left", "right"]},
        "right": {"type": "string", "one_of": ["left", "right"]},
        "speed": {"type": "integer", "requires": ["kind"]},
        "parts": {
            "type": "list<object>",
            "unordered": True,
            "fields": {
                "port": {"type": "integer", "required": True},
                "note": {"type": "string"},
                "disk": {"type": "string", "replaces": True},
                "serial": {"type": "string", "computed": True, "output_only": True},
            },
        },
        "names": {"type": "list<string>", "unordered": True},
        "order": {"type": "list<string>"},
        "labels": {"type": "map<string>"},
        "box": {"type": "object", "fields": {"deep": {"type": "boolean", "default": False}}},
    }
)  # fmt: skip

GOOD: dict[str, Any] = {"size": 3, "left": "x"}


def refused(**changes: Any) -> dict[str, str]:
    values = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return {failure.property: failure.reason for failure in validate(FIELDS, values, outputs=["arn"])}


def test_the_good_sample_is_good() -> None:
    assert refused() == {}


@pytest.mark.parametrize(
    ("change", "path", "remedy"),
    [
        ({"size": None}, "size", "is required: set it"),
        ({"size": "3"}, "size", "is a string where integer is expected"),
        ({"size": True}, "size", "is a boolean where integer is expected"),
        ({"size": 2.5}, "size", "is a number where integer is expected"),
        ({"size": 0}, "size", "is below 1: use at least that"),
        ({"size": 10}, "size", "is above 9: use at most that"),
        ({"kind": "huge"}, "kind", "is not one of small, large: use one of them"),
        ({"name": "A"}, "name", "does not match"),
        ({"name": "abcdef"}, "name", "has 6 characters, at most 5"),
        ({"name": "a", "prefix": "a"}, "name", "cannot be set together with prefix"),
        ({"left": None}, "left", "one of left, right is required"),
        ({"right": "x"}, "left", "only one of left, right may be set"),
        ({"speed": 1}, "speed", "needs kind: set it as well"),
        ({"parts": {"port": 1}}, "parts", "is an object where list<object> is expected"),
        ({"parts": [{"note": "x"}]}, "parts[0].port", "is required"),
        ({"parts": [{"port": 1}, {"port": "1"}]}, "parts[1].port", "is a string where integer"),
        ({"parts": [{"port": 1, "serial": "x"}]}, "parts[0].serial", "is set by the cloud"),
        ({"parts": [{"port": 1, "prot": 1}]}, "parts[0].prot", "did you mean port?"),
        ({"names": ["a", 1]}, "names[1]", "is a number where string"),
        ({"labels": {"a": 1}}, "labels.a", "is a number where string"),
        ({"labels": ["a"]}, "labels", "is a list where map<string>"),
        ({"arn": "x"}, "arn", "is set by the cloud"),
        ({"colour": "x"}, "colour", "add it to simcloud/data"),
        ({DEFAULTS: ["colour"]}, DEFAULTS, "do not set it"),
        ({DEFAULTS: "size"}, DEFAULTS, "do not set it"),
    ],
)
def test_each_rule_of_the_schema_fires(change: dict, path: str, remedy: str) -> None:
    found = refused(**change)
    assert path in found
    assert remedy in found[path]


@pytest.mark.parametrize(
    "change",
    [
        {"size": UNKNOWN},
        {"left": UNKNOWN, "right": "x"},
        {"name": UNKNOWN, "prefix": "a"},
        {"parts": UNKNOWN},
        {"parts": [UNKNOWN, {"port": UNKNOWN}]},
        {"labels": {"a": UNKNOWN}},
        {"speed": 1, "kind": UNKNOWN},
        {"box": {"deep": UNKNOWN}},
        {DEFAULTS: ["kind"]},
    ],
)
def test_what_is_unknown_is_left_to_the_update(change: dict) -> None:
    assert refused(**change) == {}


def test_defaults_are_put_in_at_every_depth_and_listed() -> None:
    filled = with_defaults(FIELDS, {**GOOD, "box": {}, "parts": [{"port": 1}]})
    assert (filled["kind"], filled[DEFAULTS]) == ("small", ["kind"])
    assert filled["box"] == {"deep": False, DEFAULTS: ["deep"]}
    assert "kind" not in with_defaults(FIELDS, {**GOOD, "kind": "large"})[DEFAULTS]


def test_a_default_stays_out_beside_what_it_conflicts_with() -> None:
    fields = parse_fields({"a": {"type": "string", "default": "x", "conflicts_with": ["b"]}, "b": {"type": "string"}})
    assert with_defaults(fields, {"b": "y"}) == {"b": "y", DEFAULTS: []}


def changes(olds: dict, news: dict, rules: Rules = PLAIN) -> dict[str, tuple[str, bool]]:
    return {change.path: (change.kind, change.replaces) for change in compare(FIELDS, olds, news, rules)}


STATE: dict[str, Any] = {
    "size": 3,
    "kind": "small",
    "name": "abc",
    "parts": [{"port": 1, "serial": "s1", "note": "a"}, {"port": 2, "serial": "s2"}],
    "names": ["a", "b"],
    "order": ["a", "b"],
    "labels": {"a": "1"},
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"name": None}, {}),
        ({"size": None}, {"size": ("delete", False)}),
        ({"speed": 1}, {"speed": ("add", False)}),
        ({"speed": 0}, {}),
        ({"kind": "large"}, {"kind": ("update", True)}),
        ({"kind": UNKNOWN}, {"kind": ("update", True)}),
        ({"parts": STATE["parts"][::-1]}, {}),
        ({"parts": [{"port": 2}, {"port": 1, "note": "b"}]}, {"parts[1].note": ("update", False)}),
        ({"parts": [{"port": 2}]}, {"parts[0]": ("delete", True)}),
        ({"parts": [*STATE["parts"], {"port": 3}]}, {"parts[2]": ("add", True)}),
        ({"parts": [{"port": 1, "note": "a", "disk": "d"}, {"port": 2}]}, {"parts[0].disk": ("add", True)}),
        ({"parts": None}, {"parts[0]": ("delete", True), "parts[1]": ("delete", True)}),
        ({"names": ["b", "a", "a"]}, {}),
        ({"names": ["b", "c"]}, {"names[1]": ("add", False), "names[0]": ("delete", False)}),
        ({"order": ["b", "a"]}, {"order[0]": ("update", False), "order[1]": ("update", False)}),
        ({"order": ["a"]}, {"order[1]": ("delete", False)}),
        ({"labels": {"a": "2", "b.c": "3"}}, {"labels.a": ("update", False), 'labels["b.c"]': ("add", False)}),
        ({"labels": None}, {"labels.a": ("delete", False)}),
        ({"box": {"deep": True}}, {"box.deep": ("add", False)}),
        ({"box": {"deep": False}}, {}),
    ],
)
def test_a_change_is_seen_at_its_path_and_nothing_else(change: dict, expected: dict) -> None:
    news = {name: value for name, value in {**STATE, **change}.items() if value is not None}
    assert changes(STATE, news) == expected


def test_a_decision_in_code_wins_over_the_schema_and_sees_the_change() -> None:
    seen: list[Change] = []

    def decide(change: Change) -> bool:
        seen.append(change)
        return change.new == "large"

    rules = Rules(PLAIN.same, {"kind": decide, "size": lambda _: True})
    assert changes(STATE, {**STATE, "kind": "large", "size": 4}, rules) == {
        "kind": ("update", True),
        "size": ("update", True),
    }
    assert changes(STATE, {**STATE, "kind": "other"}, rules) == {"kind": ("update", False)}
    assert [change.old for change in seen] == ["small", "small"]


def test_spellings_that_a_model_calls_equal_are_no_change() -> None:
    rules = Rules(lambda prop, old, new: prop == "kind" and old.lower() == new.lower(), {})
    assert changes(STATE, {**STATE, "kind": "SMALL"}, rules) == {}
    assert changes(STATE, {**STATE, "name": "ABC"}, rules) == {"name": ("update", False)}


values = st.fixed_dictionaries(
    {"size": st.integers(1, 9)},
    optional={
        "kind": st.sampled_from(["small", "large"]),
        "names": st.lists(st.sampled_from("abcd"), max_size=4),
        "order": st.lists(st.sampled_from("abcd"), max_size=4),
        "labels": st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12"), max_size=3),
        "parts": st.lists(
            st.fixed_dictionaries(
                {"port": st.integers(1, 3)}, optional={"note": st.text("ab", min_size=1, max_size=2)}
            ),
            max_size=4,
        ),
    },
)


@given(state=values)
def test_a_state_never_differs_from_itself(state: dict) -> None:
    assert changes(state, state) == {}


@given(old=values, new=values)
def test_two_inputs_differ_exactly_if_their_contents_do(old: dict, new: dict) -> None:
    def content(props: dict) -> dict:
        """What counts: sets without order and repetition, and nothing that is empty."""
        sets = {name: {str(item) for item in props.get(name, [])} for name in ("names", "parts")}
        return sets | {name: value for name, value in props.items() if name not in sets and value}

    assert (changes(old, new) == {}) == (content(old) == content(new))


def test_a_fact_of_the_data_that_no_code_knows_is_an_error() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'deprecates'"):
        parse_fields({"a": {"type": "string", "deprecates": ["b"]}})


def test_the_default_of_a_computed_property_is_left_to_the_cloud() -> None:
    assert Field(type="boolean", computed=True, default=False).default_to_send is None
