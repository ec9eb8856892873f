"""The fleet of a committed stack file, with what the file leaves for the operator stood in for.

A recorded run creates nothing and connects to nothing, so a placeholder only needs a value of the right form: a checksum
of nothing, a public key that has no private half. What an operator has filled in stays.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

from ops.recording.run import ROOT
from ops.rehearsal.errors import RehearsalError
from ops.rehearsal.stackfile import FLEET, PLACEHOLDER, leaves, load, show


def committed_fleet(stack: str, directory: Path = ROOT) -> tuple[dict[str, Any], list[str]]:
    """The value of `redoubt:fleet` in a stack's file, and the fields that were stood in for.

    Raises:
        RehearsalError: When there is no such file, or no fleet in it.
    """
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(one.name.split(".")[1] for one in directory.glob("Pulumi.*.yaml")))
        raise RehearsalError(f"there is no {path.name}\n  remedy: name a stack that has a file: {known}")
    fleet = (load(path).get("config") or {}).get(FLEET)
    if not isinstance(fleet, dict):
        raise RehearsalError(f"{path.name} has no {FLEET}\n  remedy: copy it from Pulumi.testnet.yaml")
    filled: list[str] = []
    for keys, value in list(leaves(fleet)):
        if isinstance(value, str) and value.startswith(PLACEHOLDER):
            place: Any = fleet
            for key in keys[:-1]:
                place = place[key]
            place[keys[-1]] = stand_in(show(keys))
            filled.append(show(keys))
    return fleet, filled


def stand_in(field: str) -> str:
    """A well-formed value for a field: a checksum, or an ed25519 public key."""
    digest = hashlib.sha256(field.encode())
    return digest.hexdigest() if field.endswith("sha256") else public_key(digest.digest())


KEY_TYPE: Final = b"ssh-ed25519"


def public_key(seed: bytes) -> str:
    """An ed25519 public key in OpenSSH's format whose 32 bytes are these."""
    blob = len(KEY_TYPE).to_bytes(4, "big") + KEY_TYPE + len(seed).to_bytes(4, "big") + seed
    return f"{KEY_TYPE.decode()} {base64.b64encode(blob).decode()}"
