"""The engine's lines, condensed: a fleet of 350 resources otherwise prints 1,100 before the summary of its update.

Creations that go as planned are counted, and so are policies that wait for a value. Everything else is shown as the engine
prints it: other operations, messages, warnings, errors, totals.
"""

import re
from collections import Counter

COUNTED = 50  # creations from one line to the next

_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_CREATION = re.compile(r"^ \+ +\S+ \S+ (create|creating|created)(?: \([\d.]+s\))?\s*$")


class Condensed:
    """Takes the engine's lines one by one and answers what to show of each, which may be nothing."""

    def __init__(self) -> None:
        self._created = 0

    def __call__(self, line: str) -> str:
        found = _CREATION.match(_COLOR.sub("", line))
        if found is None:
            return line
        if found[1] != "created":
            return ""
        self._created += 1
        return "" if self._created % COUNTED else f"    ... {self._created} created\n"


_ADVISORY = re.compile(r"^ +- \[advisory\]")
_WAITS = re.compile(r"can't run policy '([^']+)' from policy pack .* during preview")


class Waiting:
    """Counts the policies that a preview could not decide yet, instead of two lines for each resource.

    The engine prints such a one as an advisory and says why in the next line. Which are expected, and why, stands in
    policies/deferrals.yaml; `expected` names their rules.
    """

    def __init__(self, expected: frozenset[str]) -> None:
        self._expected = expected
        self._held = ""
        self._counted: Counter[str] = Counter()

    def __call__(self, line: str) -> str:
        held, self._held = self._held, ""
        plain = _COLOR.sub("", line)
        found = _WAITS.search(plain)
        if held and found and found[1] in self._expected:
            self._counted[found[1]] += 1
            return ""
        if _ADVISORY.match(plain):
            self._held = line
            return held
        if self._counted and not plain.strip():
            return held + self._summary() + line
        return held + line

    def _summary(self) -> str:
        each = ", ".join(f"{rule} ({count})" for rule, count in sorted(self._counted.items()))
        count = self._counted.total()
        self._counted.clear()
        return f"        - {count} decisions wait for values that the update will know, as policies/deferrals.yaml says: {each}\n"
