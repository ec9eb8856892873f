"""The environment of a rehearsal's engine: no credential of the caller in it, and nothing that asks the Internet."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

# Whatever could let a program reach a real account, or let the caller's own Pulumi settings in. Azure's is the login of
# a state backend or a secrets provider, as Vault's is.
STRIPPED_PREFIXES = ("ARM_", "AZURE_", "PULUMI_", "REDOUBT_", "VAULT_")
STRIPPED_NAMES = ("SSH_AUTH_SOCK", "SSH_AGENT_PID", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def is_stripped(name: str) -> bool:
    return name.startswith((*STRIPPED_PREFIXES, *_of_providers())) or name in STRIPPED_NAMES


@cache
def _of_providers() -> tuple[str, ...]:
    """How the variables of our providers begin. The model is loaded when it is asked for: benchmarks do without it."""
    from fleet.discovery import PROVIDERS

    return tuple(prefix for facts in PROVIDERS.values() for prefix in facts.environment)


def build(caller: Mapping[str, str], directory: Path, stack: str, path: Sequence[Path]) -> dict[str, str]:
    """The caller's environment without what a rehearsal must not see, and with its own settings.

    `path` comes before the caller's PATH: the simulated providers first, since a plugin on PATH wins over any other.
    """
    kept = {name: value for name, value in caller.items() if not is_stripped(name)}
    return kept | {
        "PATH": os.pathsep.join([*map(str, path), caller.get("PATH", os.defpath)]),
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_STACK": stack,
        # By file only: in the environment every local command of the program would see the passphrase itself.
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(directory / "passphrase"),
        # The stack file may have been cut off between `stack init` and its salt; the state has it too.
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_ERROR_OUTPUT_STRING": "true",
        "REDOUBT_SIMCLOUD": str(directory / "cloud.sqlite"),
    }
