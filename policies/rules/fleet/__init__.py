"""Rules of the group `fleet`."""

from typing import Final

from policies.rule import Rule, StackRule

RULES: Final[tuple[Rule | StackRule, ...]] = ()
