"""Rules of the group `aws`."""

from typing import Final

from policies.rule import Rule, StackRule
from policies.rules.aws import instance_imdsv2

RULES: Final[tuple[Rule | StackRule, ...]] = (instance_imdsv2.RULE,)
