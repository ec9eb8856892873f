import pytest

from bench.results import Comparison, Figure, Goal, table


def goal(value: float) -> Goal:
    return Goal(what="program over floor", limit=1.1, value=value)


@pytest.mark.parametrize(("value", "met"), [(1.0, True), (1.1, True), (1.1001, False)])
def test_goal_is_met_up_to_its_limit(value: float, met: bool) -> None:
    assert goal(value).met is met


def test_ratio_is_of_medians_and_pairs_are_listed() -> None:
    comparison = Comparison(program=(1.0, 9.0, 2.2), floor=(1.0, 2.0, 4.0))
    assert comparison.ratio == pytest.approx(1.1)
    found = comparison.as_json()
    assert found["rounds"] == 3
    assert found["pairwise_ratios"] == [1.0, 4.5, 0.55]
    assert found["program_seconds"] == [1.0, 9.0, 2.2]


def test_pairs_must_be_complete() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Comparison(program=(1.0, 2.0), floor=(1.0,)).as_json()


def test_figure_says_which_goals_it_meets() -> None:
    found = Figure(name="n", says="words", goals=(goal(1.0), goal(2.0)), detail={"seconds": 3}).as_json()
    assert found["seconds"] == 3
    assert found["goals"] == [
        {"what": "program over floor", "limit": 1.1, "value": 1.0, "met": True},
        {"what": "program over floor", "limit": 1.1, "value": 2.0, "met": False},
    ]


def test_table_names_missed_goals_and_what_was_not_measured() -> None:
    text = table([Figure(name="n", says="words", goals=(goal(1.0), goal(2.0)))], {"other": "no engine"})
    assert "met     program over floor: 1, goal at most 1.1" in text
    assert "MISSED  program over floor: 2, goal at most 1.1" in text
    assert "other  NOT MEASURED: no engine" in text
    assert text.endswith("1 of 2 goals met, 1 not measured")
