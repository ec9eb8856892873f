"""The measuring of a mocked fleet and of its floor, each in a process of its own."""

from pathlib import Path

import pytest

from bench import child
from bench.shapes import SHAPES, SMALL, Shape


def test_child_measures_program_and_the_floor_it_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(SHAPES, "no fleet", Shape(fleets=0, sites=SMALL))
    monkeypatch.setattr(child, "WARM_UP", "no fleet")
    assert child.record("hosts_10", tmp_path) == {"floors": 1}
    program = child.measured(child.program_runs, "hosts_10", tmp_path)
    floor = child.measured(child.floor_runs, "hosts_10", tmp_path)
    assert program["fingerprint"] == floor["fingerprint"]
    assert program["resources"] == floor["resources"] > 10 * SHAPES["hosts_10"].hosts
    assert floor["cpu_seconds"] > 0
    assert 50 < floor["peak_mib"] < 5000
