from pathlib import Path
from typing import Any

import pytest

from bench import hosts
from bench.results import Figure, Goal, MeasureError


def run(seconds: float = 1.0, fingerprint: str = "same", planner: bool = False) -> dict[str, Any]:
    """What a child process says."""
    return {
        "seconds": seconds,
        "cpu_seconds": seconds,
        "resources": 1000,
        "peak_mib": 100.0,
        "fingerprint": fingerprint,
        "planner_imported": planner,
    }


def answering(monkeypatch: pytest.MonkeyPatch, **answers: dict[str, Any]) -> list[str]:
    """Lets child processes answer at once; returns the list of what was started."""
    started: list[str] = []

    def fake(what: str, shape: str, folder: Path) -> dict[str, Any]:
        started.append(what)
        return answers.get(what, {})

    monkeypatch.setattr(hosts, "_child", fake)
    return started


def test_program_and_floor_alternate_and_their_ratio_is_held_against_the_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    started = answering(monkeypatch, program=run(2.4), floor=run(2.0))
    found = hosts.measure("hosts_1000", quick=False)
    assert started == ["record", *["program", "floor"] * 3]
    assert found.goals == (Goal(what="program over floor", limit=hosts.RATIO, value=1.2),)
    assert found.detail["program_milliseconds_per_resource"] == 2.4
    assert found.detail["shape"]["hosts"] == 1000


@pytest.mark.parametrize(
    ("floor", "message"),
    [(run(fingerprint="other"), "did not register the same resources"), (run(planner=True), "imports the planner")],
)
def test_floor_of_something_else_is_no_measurement(
    monkeypatch: pytest.MonkeyPatch, floor: dict[str, Any], message: str
) -> None:
    answering(monkeypatch, program=run(), floor=floor)
    with pytest.raises(MeasureError, match=message):
        hosts.measure("hosts_10", quick=True)


def test_growth_compares_the_cost_of_a_resource() -> None:
    def figure(name: str, milliseconds: float) -> Figure:
        detail = {"program_milliseconds_per_resource": milliseconds, "floor_median_seconds": 2.0, "resources": 1000}
        return Figure(name=name, says="words", goals=(), detail=detail)

    found = hosts.growth(figure("hosts_100", 2.0), figure("hosts_1000", 3.0))
    assert found.goals == (Goal(what="cost of a resource, hosts_1000 over hosts_100", limit=hosts.GROWTH, value=1.5),)
    assert found.detail["floor_ratio"] == 1.0


def test_failing_child_is_named_with_its_message(tmp_path: Path) -> None:
    with pytest.raises(
        MeasureError, match=r"nonsense of hosts_10 ended with status 1: [\s\S]*remedy: run `python -m bench"
    ):
        hosts._child("nonsense", "hosts_10", tmp_path)
