"""Readers of properties: paths, shapes that are not what a type has, and unknown values, which come last."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.blocks import Block, OddShape, patiently

UNKNOWN = UNKNOWN_STRING_VALUE
READERS: dict[str, Callable[[Block], Any]] = {
    "get": lambda block: block.get("x"),
    "text": lambda block: block.text("x"),
    "flag": lambda block: block.flag("x"),
    "number": lambda block: block.number("x"),
    "block": lambda block: block.block("x").values,
    "texts": lambda block: block.texts("x"),
    "each_text": lambda block: list(block.each_text("x", lambda one: iter([one]))),
    "each_block": lambda block: list(block.each_block("x", lambda one: iter([one.text("y")]))),
    "keys": lambda block: block.keys("x"),
}


def block(**values: Any) -> Block:
    """Properties as rules get them."""
    return Block(unknown_checking_proxy(values))


def drained(findings: Iterator[str]) -> tuple[list[str], UnknownValueError]:
    """What is found before the unknown value that ends it."""
    found: list[str] = []
    try:
        for one in findings:
            found.append(one)  # noqa: PERF402 - what comes before the error counts
    except UnknownValueError as error:
        return found, error
    raise AssertionError("nothing was unknown")


def names(one: Block) -> Iterator[str]:
    yield one.text("name")


@pytest.mark.parametrize(
    ("reader", "nothing"),
    [
        ("get", None),
        ("text", ""),
        ("flag", None),
        ("number", None),
        ("block", {}),
        ("texts", []),
        ("each_text", []),
        ("each_block", []),
        ("keys", []),
    ],
)
def test_what_is_not_set_reads_as_nothing(reader: str, nothing: Any) -> None:
    for given in (block(), block(x=None)):
        found = READERS[reader](given)
        assert (found, type(found)) == (nothing, type(nothing))


SHAPES: dict[str, tuple[Any, set[str]]] = {
    "text": ("t", {"text", "texts", "each_text"}),
    "empty text": ("", {"text", "texts", "each_text"}),
    "true": (True, {"flag"}),
    "false": (False, {"flag"}),
    "a number": (1.0, {"number"}),
    "zero": (0, {"number"}),
    "an object": ({"y": "t"}, {"block", "each_block", "keys"}),
    "an empty object": ({}, {"block", "each_block", "keys"}),
    "a list of texts": (["t"], {"texts", "each_text"}),
    "a list of objects": ([{"y": "t"}], {"each_block"}),
    "an empty list": ([], {"texts", "each_text", "each_block"}),
    "a list of both": (["t", {"y": "t"}], set()),
    "a list of nothing": ([None], set()),
    "a list of lists": ([["t"]], set()),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("value", "right"), SHAPES.values(), ids=SHAPES)
def test_a_reader_takes_its_own_shapes_and_refuses_all_others(reader: str, value: Any, right: set[str]) -> None:
    read = READERS[reader]
    if reader in right or reader == "get":
        read(block(x=value))
    else:
        with pytest.raises(OddShape):
            read(block(x=value))


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_passes_an_unknown_value_on(reader: str) -> None:
    with pytest.raises(UnknownValueError) as error:
        READERS[reader](block(x=UNKNOWN))
    assert error.value.props == ["x"]


@pytest.mark.parametrize("reader", ["text", "flag", "number", "block", "texts", "each_text", "each_block", "keys"])
def test_a_reader_goes_down_a_path(reader: str) -> None:
    value, right = next((value, right) for value, right in SHAPES.values() if reader in right and value)
    assert reader in right
    inside = Block(unknown_checking_proxy({"x": value}))
    deep = Block(unknown_checking_proxy({"a": {"b": {"x": value}}}))
    read = getattr(Block, reader)
    more = [lambda one: iter([str(one)])] if reader == "each_text" else [lambda one: iter(["t"])]
    arguments = more if reader.startswith("each_") else []

    def plain(found: Any) -> Any:
        return dict(found.values) if isinstance(found, Block) else list(found) if hasattr(found, "send") else found

    assert plain(read(deep, "a.b.x", *arguments)) == plain(read(inside, "x", *arguments))


def test_a_path_through_what_is_not_set_reads_as_nothing() -> None:
    assert block().get("a.b.c") is None
    assert block(a=None).get("a.b.c") is None
    assert block(a={"b": None}).text("a.b.c") == ""


@pytest.mark.parametrize("value", ["t", "", 1.0, True, False, ["t"], []])
def test_a_path_through_what_is_no_object_is_odd_and_says_where(value: Any) -> None:
    with pytest.raises(OddShape, match=r"^a\.b is .* where an object is expected$"):
        block(a={"b": value}).get("a.b.c")


def test_a_path_through_an_unknown_value_is_unknown() -> None:
    with pytest.raises(UnknownValueError) as error:
        block(a={"b": UNKNOWN}).flag("a.b.c.d")
    assert error.value.props == ["a", "b"]


def test_what_is_unknown_beside_a_path_is_not_in_its_way() -> None:
    assert block(a={"b": True, "c": UNKNOWN}, d=UNKNOWN).flag("a.b") is True


def test_true_is_no_number_and_one_is_no_flag() -> None:
    with pytest.raises(OddShape, match=r"^x is true or false where a number is expected$"):
        block(x=True).number("x")
    with pytest.raises(OddShape, match=r"^x is a float where true or false is expected$"):
        block(x=1.0).flag("x")


def test_what_is_odd_is_named_by_its_whole_path_and_not_by_its_value() -> None:
    inner = block(a={"b": {"c": "hunter2"}}).block("a.b")
    with pytest.raises(OddShape, match=r"^a\.b\.c is text where an object is expected$"):
        inner.block("c")
    with pytest.raises(OddShape, match=r"^a\.c\.d is text where true or false is expected$"):
        list(block(a={"c": [{"d": "hunter2"}]}).block("a").each_block("c", lambda one: iter([str(one.flag("d"))])))


def test_a_single_text_or_object_counts_as_a_list_of_one() -> None:
    assert block(x="t").texts("x") == block(x=["t"]).texts("x") == ["t"]
    one, several = block(x={"name": "t"}), block(x=[{"name": "t"}])
    assert list(one.each_block("x", names)) == list(several.each_block("x", names)) == ["t"]


def test_a_single_empty_text_is_no_text() -> None:
    assert block(x="").texts("x") == []
    assert block(x=[""]).texts("x") == [""]


def test_texts_are_read_in_order_and_the_unknown_ones_last() -> None:
    found, error = drained(block(x=[UNKNOWN, "a", UNKNOWN, "b"]).each_text("x", lambda one: iter([one])))
    assert found == ["a", "b"]
    assert error.props == ["x", "0"]


def test_objects_are_read_in_order_and_those_with_an_unknown_part_last() -> None:
    given = block(x=[{"name": UNKNOWN}, {"name": "a"}, UNKNOWN, {"name": "b", "other": UNKNOWN}])
    found, error = drained(given.each_block("x", names))
    assert found == ["a", "b"]
    assert error.props == ["x", "0", "name"]


def test_a_single_object_with_an_unknown_part_is_unknown() -> None:
    with pytest.raises(UnknownValueError):
        list(block(x={"name": UNKNOWN}).each_block("x", names))


def test_what_is_found_in_an_object_before_its_unknown_part_counts() -> None:
    def look(one: Block) -> Iterator[str]:
        yield "found"
        yield one.text("name")

    found, _ = drained(block(x=[{"name": UNKNOWN}, {"name": "a"}]).each_block("x", look))
    assert found == ["found", "found", "a"]


def test_keys_are_known_where_values_are_not() -> None:
    assert block(x={"a": UNKNOWN, "b": 1.0}).keys("x") == ["a", "b"]


def test_an_odd_entry_is_not_hidden_by_an_unknown_one() -> None:
    with pytest.raises(OddShape):
        block(x=[UNKNOWN, 1.0]).texts("x")


def test_patience_ends_with_the_first_unknown_value_and_after_all_others() -> None:
    def look(one: int) -> Iterator[str]:
        if one % 2:
            raise UnknownValueError(UNKNOWN, [str(one)])
        yield str(one)

    found, error = drained(patiently(range(6), look))
    assert found == ["0", "2", "4"]
    assert error.props == ["1"]
    assert list(patiently([], look)) == []


def test_patience_is_not_for_other_failures() -> None:
    def look(one: int) -> Iterator[str]:
        raise OddShape(str(one))

    with pytest.raises(OddShape, match=r"^1$"):
        list(patiently([1, 2], look))
