"""Rules of the group `hosts`."""

from typing import Final

from policies.rule import Rule, StackRule

RULES: Final[tuple[Rule | StackRule, ...]] = ()
