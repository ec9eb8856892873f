"""What a measurement says, the goals it is held against, and how both are shown."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self


class MeasureError(Exception):
    """A figure could not be measured. The text names the cause and ends with what to do about it."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """An upper bound that a figure is held against.

    Attributes:
        what: What is bounded, in words.
        limit: The largest value that meets it.
        value: What was measured.
    """

    what: str
    limit: float
    value: float

    @property
    def met(self) -> bool:
        """Whether the measured value is within the limit."""
        return self.value <= self.limit


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure.

    Attributes:
        name: Its name in build/bench.json.
        says: The figure in words, for the table.
        goals: What it is held against.
        detail: All that was measured, plain values only.
    """

    name: str
    says: str
    goals: tuple[Goal, ...]
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The figure as it stands in build/bench.json."""
        goals = [{**asdict(goal), "met": goal.met} for goal in self.goals]
        return {**self.detail, "says": self.says, "goals": goals}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Seconds, of wall or processor time, of a program and of its floor, taken alternately.

    Attributes:
        program: Seconds of the program, in the order measured.
        floor: Seconds of the floor; the n-th followed the n-th of the program.
    """

    program: tuple[float, ...]
    floor: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the program over median of the floor."""
        return statistics.median(self.program) / statistics.median(self.floor)

    def says(self, processor: Self) -> str:
        """Medians and ratio in words, with the ratio of processor time, which other load disturbs less."""
        program, floor = statistics.median(self.program), statistics.median(self.floor)
        return f"{program:.2f} s, floor {floor:.2f} s, ratio {self.ratio:.3f} ({processor.ratio:.3f} of cpu)"

    def as_json(self) -> dict[str, Any]:
        """Medians, their ratio, and every single figure behind them."""
        pairs = zip(self.program, self.floor, strict=True)
        return {
            "rounds": len(self.program),
            "program_median_seconds": rounded(statistics.median(self.program)),
            "floor_median_seconds": rounded(statistics.median(self.floor)),
            "ratio": rounded(self.ratio),
            "pairwise_ratios": [rounded(one / other) for one, other in pairs],
            "program_seconds": [rounded(seconds) for seconds in self.program],
            "floor_seconds": [rounded(seconds) for seconds in self.floor],
        }


def rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")


def table(figures: Sequence[Figure], failures: dict[str, str]) -> str:
    """What was measured and which goals were met, for people."""
    width = max([len(name) for name in [*(figure.name for figure in figures), *failures]], default=0)
    lines: list[str] = []
    for figure in figures:
        lines.append(f"{figure.name:{width}}  {figure.says}")
        for goal in figure.goals:
            verdict = "met   " if goal.met else "MISSED"
            lines.append(f"{'':{width}}    {verdict}  {goal.what}: {goal.value:.4g}, goal at most {goal.limit:g}")
    lines += [f"{name:{width}}  NOT MEASURED: {text}" for name, text in failures.items()]
    missed = sum(not goal.met for figure in figures for goal in figure.goals)
    total = sum(len(figure.goals) for figure in figures)
    lines.append(f"{total - missed} of {total} goals met" + (f", {len(failures)} not measured" if failures else ""))
    return "\n".join(lines)
