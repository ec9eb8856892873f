"""Rules of the group `hosts`."""

from typing import Final

from policies.rule import Rule, StackRule
from policies.rules.hosts import (
    command_connection,
    command_host_checking,
    command_host_key,
    command_no_delete,
    command_no_secrets,
    first_boot_kept,
    first_boot_planned,
    user_data_host_keys,
    user_data_login,
    user_data_no_secrets,
    user_data_one_place,
    user_data_small,
)

RULES: Final[tuple[Rule | StackRule, ...]] = (
    command_connection.RULE,
    command_host_checking.RULE,
    command_host_key.RULE,
    command_no_delete.RULE,
    command_no_secrets.RULE,
    first_boot_kept.RULE,
    first_boot_planned.RULE,
    user_data_host_keys.RULE,
    user_data_login.RULE,
    user_data_no_secrets.RULE,
    user_data_one_place.RULE,
    user_data_small.RULE,
)
