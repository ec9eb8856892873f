"""Rules of the group `digitalocean`."""

from typing import Final

from policies.rule import Rule, StackRule

RULES: Final[tuple[Rule | StackRule, ...]] = ()
