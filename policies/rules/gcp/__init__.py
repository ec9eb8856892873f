"""Rules of the group `gcp`."""

from typing import Final

from policies.rule import Rule, StackRule

RULES: Final[tuple[Rule | StackRule, ...]] = ()
