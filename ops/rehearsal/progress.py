"""The engine's progress, condensed: a fleet of 350 resources otherwise prints 1,100 lines before its summary.

Creations that go as planned are counted. Everything else is shown as the engine prints it: other operations, messages,
warnings, errors, totals.
"""

import re

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
