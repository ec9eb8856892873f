from pathlib import Path

import pytest

from bench import suite
from bench.results import MeasureError


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, assertion: bool) -> object:
    (folder / "test_one.py").write_text(f"def test_one():\n    assert {assertion}\n")
    monkeypatch.setattr(suite, "SUITES", (str(folder / "test_one.py"),))
    monkeypatch.setattr(suite, "AS_IN_CI", ())
    return suite.measure(quick=True).as_json()


def test_passing_suite_is_timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = run(monkeypatch, tmp_path, assertion=True)
    assert isinstance(found, dict)
    assert found["rounds"] == 1
    assert 0 < found["median_seconds"] < suite.LIMIT


def test_time_of_a_failing_suite_is_no_measurement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="1 failed"):
        run(monkeypatch, tmp_path, assertion=False)
