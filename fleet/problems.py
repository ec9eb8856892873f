"""What is wrong with a config: which field, what is wrong with it, and what to write instead.

A problem never carries the value that was found: a value in the wrong place may be a secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend.

    Attributes:
        field: Where, as a path below `redoubt:fleet`, for example `sites[fra-aws].cidr`.
        what: What is wrong, without a full stop.
        remedy: What to write or do instead, as an imperative.
    """

    field: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}: {self.what}: {self.remedy}"


class FleetError(Exception):
    """A config that must not be built. Carries all of its problems, not only the first."""

    def __init__(self, problems: Iterable[Problem], note: str = ""):
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        self.note = note
        count = len(self.problems)
        lines = [f"the fleet's config has {count} problem{'s' if count != 1 else ''}; nothing was created"]
        lines += [f"  {problem}" for problem in self.problems]
        if note:
            lines.append(f"  {note}")
        super().__init__("\n".join(lines))


class Refusal(ValueError):
    """Raised by the validator of one field, where the field's path is known to the parser alone."""

    def __init__(self, what: str, remedy: str):
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}: {remedy}")
