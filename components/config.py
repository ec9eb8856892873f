"""Reads the stack's config, and what the last update of this stack left behind."""

from typing import Any

import pulumi
from pulumi.runtime import config as engine_config

from fleet.plan import Plan
from fleet.problems import FleetError, Problem
from fleet.refusals.access import admin_change
from fleet.secrets import clear_secrets

PROJECT = "redoubt"
NO_DEFAULTS = 'write pulumi:disable-default-providers: ["*"] under config of the stack file'


def fleet_value() -> Any:
    """The value of `redoubt:fleet`.

    Raises:
        FleetError: When it is missing or not readable, when a secret stands in clear anywhere in the stack's config, or
            when default providers are not switched off.
    """
    found = [problem for key, value in _clear_values().items() for problem in clear_secrets(value, key)]
    try:
        value = pulumi.Config(PROJECT).get_object("fleet")
    except pulumi.ConfigTypeError:
        value = None
        found.append(Problem(f"{PROJECT}:fleet", "is not a set of keys", "write its keys below it in the stack file"))
    else:
        if value is None:
            remedy = "copy it from Pulumi.testnet.yaml and put your own values in"
            found.append(Problem(f"{PROJECT}:fleet", "is missing in the config of this stack", remedy))
    if pulumi.Config("pulumi").get_object("disable-default-providers") != ["*"]:
        what = "is not set, so a resource could silently use whatever login the machine has"
        found.append(Problem("pulumi:disable-default-providers", what, NO_DEFAULTS))
    if found:
        raise FleetError(found)
    return value


def _clear_values() -> dict[str, str]:
    """All config values of the stack that are not encrypted, but for the fleet's own, which `fleet.parse` reads."""
    values = {**engine_config.get_config_env(), **engine_config.CONFIG.get()}
    encrypted = {f"{PROJECT}:fleet", *engine_config.get_config_secret_keys_env()}
    return {
        key: value for key, value in values.items() if key not in encrypted and not engine_config.is_config_secret(key)
    }


async def refuse_lockout(planned: Plan) -> None:
    """Compares with the last update of this stack what one update must not change at once.

    Raises:
        FleetError: When an admin range is added and another removed in one update on mainnet.
    """
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    details = await pulumi.StackReference(stack).get_output_details("admin_cidrs")
    problems = tuple(admin_change(details.value or (), planned.network, planned.admin_cidrs))
    if problems:
        raise FleetError(problems)
