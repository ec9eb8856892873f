"""The passphrase comes from a file: in the environment, every program that an update starts could read it."""

import stat
from collections.abc import Mapping
from pathlib import Path

from ops.errors import OperationError

VALUE = "PULUMI_CONFIG_PASSPHRASE"
FILE = "PULUMI_CONFIG_PASSPHRASE_FILE"

_REMEDY = (
    f"\n  remedy: write it to a file of mode 0600, `unset {VALUE}`, and `export {FILE}=<that file>` "
    "(docs/state.md, secrets providers)"
)


def refuse_in_environment(environment: Mapping[str, str]) -> None:
    """Refuses a passphrase that stands in the engine's environment, even an empty one: it would win over the file.

    Raises:
        OperationError: When there is one.
    """
    if VALUE in environment:
        raise OperationError(
            f"{VALUE} is set: every program that the engine starts could read the passphrase there{_REMEDY}"
        )


def check_file(environment: Mapping[str, str]) -> list[str]:
    """Looks at the passphrase file of the engine's environment. To be called where the state needs a passphrase.

    Returns:
        Warnings, a line each: who else may read it.

    Raises:
        OperationError: When there is none that can be read.
    """
    name = environment.get(FILE, "")
    if not name:
        raise OperationError(f"the state is encrypted with a passphrase, and {FILE} is not set{_REMEDY}")
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise OperationError(f"{path} ({FILE}) is no regular file, and it is read several times{_REMEDY}")
        content = path.read_bytes()
    except OSError as error:
        raise OperationError(
            f"the passphrase file {path} cannot be read: {error.strerror}\n"
            f"  remedy: put it back from its copy, or correct {FILE}; lost for good: docs/state.md, passphrase lost"
        ) from None
    if not content.strip():
        raise OperationError(f"the passphrase file {path} is empty\n  remedy: put it back from its copy")
    if mode & 0o077:
        return [f"warning: others than its owner may use {path} (mode {stat.S_IMODE(mode):04o}): `chmod 600 {path}`"]
    return []
