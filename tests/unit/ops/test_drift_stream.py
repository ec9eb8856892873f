"""The event stream is read strictly: whatever is not understood is an error, never "no drift"."""

import json
from typing import Any

import pytest

from ops.drift.model import Change
from ops.drift.stream import StreamError, parse

URN = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ebs/volume:Volume::s1-cosigner-1"
OTHER = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/vpc:Vpc::s1"
Event = dict[str, Any]


def state(outputs: Event | None = None, **more: Any) -> Event:
    return {"id": "vol-1", "inputs": {}, "outputs": outputs or {}, **more}


def step(urn: str) -> Event:
    return {
        "resourcePreEvent": {
            "metadata": {"op": "refresh", "urn": urn, "type": urn.split("$")[1].split("::", maxsplit=1)[0]}
        }
    }


def result(urn: str, op: str = "same", old: Event | None = None, new: Event | None = None, **more: Any) -> Event:
    states = {"old": old or state(), "new": None if op == "delete" else (new or state())}
    metadata = {"op": op, "urn": urn, "type": urn.split("$")[1].split("::", maxsplit=1)[0], **states, **more}
    return {"resOutputsEvent": {"metadata": metadata}}


def summary(**changes: int) -> Event:
    return {
        "summaryEvent": {"maybeCorrupt": False, "isPreview": True, "result": "succeeded", "resourceChanges": changes}
    }


def good() -> list[Event]:
    detailed = {"size": {"diffKind": "update", "inputDiff": False}, "type": {"diffKind": "update-replace"}}
    return [
        {"preludeEvent": {"config": {}}},
        {"diagnosticEvent": {"severity": "warning", "message": "using pulumi-resource-aws from $PATH"}},
        step(URN),
        step(OTHER),
        result(OTHER),
        result(URN, "update", state({"size": 50}, protect=True), state({"size": 80}), detailedDiff=detailed),
        summary(same=1, update=1),
        {"cancelEvent": {}},
    ]


def text(events: list[Event]) -> str:
    numbers = [0, 1, *range(5, 5 + len(events))]  # the engine leaves some out
    return "".join(
        json.dumps({"sequence": n, "timestamp": 1, **e}) + "\n" for n, e in zip(numbers, events, strict=False)
    )


def test_a_whole_stream_says_what_changed() -> None:
    refresh = parse("Installing plugins...\n\n" + text(good()), expected=[URN, OTHER])
    changed = next(one for one in refresh.seen if one.urn == URN)
    assert changed.changes == (
        Change(path="size", kind="update"),
        Change(path="type", kind="update", replaces=True),
    )
    assert (changed.name, changed.id, changed.protected) == ("s1-cosigner-1", "vol-1", True)
    assert changed.place.host == "s1-cosigner-1"
    assert [one.changes for one in refresh.seen if one.urn == OTHER] == [()]


def test_a_resource_that_is_gone_has_no_new_state() -> None:
    events = [step(URN), result(URN, "delete"), summary(delete=1), {"cancelEvent": {}}]
    (gone,) = parse(text(events)).seen
    assert gone.new is None


def test_a_provider_without_details_still_has_changes() -> None:
    named = [step(URN), result(URN, "update", diffs=["tags"]), summary(update=1), {"cancelEvent": {}}]
    assert [one.path for one in parse(text(named)).seen[0].changes] == ["tags"]
    compared = [step(URN), result(URN, "update", state({"a": 1, "b": 1}), state({"a": 1, "b": 2}))]
    assert [one.path for one in parse(text([*compared, summary(update=1), {"cancelEvent": {}}])).seen[0].changes] == [
        "b"
    ]


@pytest.mark.parametrize("lost", range(len(good())))
def test_a_stream_that_lost_what_matters_is_refused(lost: int) -> None:
    events = good()
    gone = next(iter(events.pop(lost)))
    if gone in ("preludeEvent", "diagnosticEvent"):
        parse(text(events))
    else:
        with pytest.raises(StreamError, match="cannot be trusted"):
            parse(text(events))


def test_a_stream_that_is_cut_off_anywhere_is_refused() -> None:
    whole = text(good())
    for end in range(0, len(whole) - 1, 7):
        with pytest.raises(StreamError):
            parse(whole[:end])


@pytest.mark.parametrize(
    ("at", "event", "message"),
    [
        (2, {"resourcePreEvent": {"metadata": {"op": "create", "urn": URN, "type": "t"}}}, "no part of a refresh"),
        (2, {"resourcePreEvent": {"metadata": {"op": "refresh"}}}, "no operation, URN or type"),
        (4, result(OTHER, "replace"), "unknown"),
        (4, {"resOpFailedEvent": {"metadata": {}}}, "unknown kind 'resOpFailedEvent'"),
        (4, {"somethingNewEvent": {}}, "unknown kind"),
        (4, {"resOutputsEvent": {"metadata": {"op": "same", "urn": OTHER, "type": "t"}}}, "without its state"),
        (5, result(URN, "update", detailedDiff={"size": {"diffKind": "sideways"}}), "kind of change"),
        (5, result(OTHER), "twice"),
        (6, summary(same=2), "the engine counts"),
        (6, {"summaryEvent": {**summary(same=1, update=1)["summaryEvent"], "maybeCorrupt": True}}, "corrupt"),
        (6, {"summaryEvent": {**summary(same=1, update=1)["summaryEvent"], "result": "failed"}}, "'failed'"),
        (6, {"summaryEvent": {**summary(same=1, update=1)["summaryEvent"], "isPreview": False}}, "preview"),
        (7, result(OTHER), "after the summary"),
        (1, {"diagnosticEvent": {"severity": "error", "message": "no credentials"}}, "no credentials"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_remedy(at: int, event: Event, message: str) -> None:
    events = good()
    events[at] = event
    with pytest.raises(StreamError, match=message) as refused:
        parse(text(events))
    assert "\n  remedy: " in str(refused.value)


@pytest.mark.parametrize("line", ["[1, 2]", "{not json", '"text"', '{"sequence": 3}', "null"])
def test_a_line_that_is_no_event_is_refused(line: str) -> None:
    whole = text(good())
    with pytest.raises(StreamError, match="cannot be trusted"):
        parse(whole + line + "\n")


def test_events_out_of_order_are_refused() -> None:
    lines = text(good()).splitlines()
    lines[3], lines[4] = lines[4], lines[3]
    with pytest.raises(StreamError, match="comes after event"):
        parse("\n".join(lines))


def test_a_resource_of_the_state_that_was_not_looked_at_is_refused() -> None:
    with pytest.raises(StreamError, match="were not looked at, urn:missing"):
        parse(text(good()), expected=[URN, "urn:missing"])


def test_an_empty_stream_is_refused() -> None:
    with pytest.raises(StreamError, match="empty"):
        parse("\n")


def test_what_is_read_from_another_stack_is_no_drift() -> None:
    urn = "urn:pulumi:testnet::redoubt::x$pulumi:pulumi:StackReference::organization/redoubt/testnet"
    events = [step(urn), result(urn, "update", state({"outputs": {}}), state({"outputs": {"a": 1}}))]
    assert parse(text([*events, summary(update=1), {"cancelEvent": {}}])).seen == ()
