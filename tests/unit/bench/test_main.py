import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.results import Figure, Goal, MeasureError


def figure(name: str, milliseconds: float = 1.0, value: float = 1.0) -> Figure:
    detail = {"program_milliseconds_per_resource": milliseconds, "floor_median_seconds": 2.0, "resources": 1000}
    return Figure(name=name, says="words", goals=(Goal(what="ratio", limit=1.1, value=value),), detail=detail)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, bench.Measure]:
    """The figures that `python -m bench` knows, replaced by ones that cost nothing."""
    fakes: dict[str, bench.Measure] = {name: lambda _, name=name: figure(name) for name in bench.FIGURES}
    monkeypatch.setattr(bench, "FIGURES", fakes)
    return fakes


def measured(folder: Path, *arguments: str) -> tuple[int, dict]:
    output = folder / "deep" / "bench.json"
    status = bench.main([*arguments, "--output", str(output)])
    return status, json.loads(output.read_text())


def test_json_holds_machine_figures_and_goals(figures: dict, tmp_path: Path) -> None:
    status, document = measured(tmp_path)
    assert status == 0
    assert {"python", "cpus", "pulumi_sdk", "pulumi_cli"} <= document["machine"].keys()
    assert document["figures"].keys() == {*figures, "cost_growth"}
    assert document["figures"]["unit_seconds"]["goals"][0]["met"] is True
    assert document["not_measured"] == {}
    assert document["quick"] is False


def test_missed_goal_is_said_and_is_no_failure(
    figures: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures["unit_seconds"] = lambda _: figure("unit_seconds", value=2.0)
    status, document = measured(tmp_path, "--only", "unit_seconds")
    assert status == 0
    assert document["figures"].keys() == {"unit_seconds"}
    assert "MISSED" in capsys.readouterr().out


def test_figure_that_cannot_be_measured_fails_after_the_others(figures: dict, tmp_path: Path) -> None:
    def broken(_: bool) -> Figure:
        raise MeasureError("no engine")

    figures["hosts_10"] = broken
    status, document = measured(tmp_path)
    assert status == 1
    assert document["not_measured"] == {"hosts_10": "no engine"}
    assert "preview_vs_floor" in document["figures"]
