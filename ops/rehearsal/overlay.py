"""The overlay: values of the committed stack file that every rehearsal replaces by its own.

It replaces and never adds. A field that the committed file lacks stays lacking, so that a rehearsal cannot hide what
the real run would miss.
"""

from dataclasses import dataclass
from typing import Any

from ops.rehearsal.material import Material
from ops.rehearsal.stackfile import FLEET, Keys, show


@dataclass(frozen=True)
class Change:
    """One replaced value."""

    keys: Keys
    before: Any
    after: Any


def values(material: Material) -> dict[Keys, Any]:
    """What a rehearsal makes for itself, by its place in the stack's config."""
    return {
        (FLEET, "access", "ssh_user_ca"): material.ssh_user_ca,
        (FLEET, "access", "approvers"): [material.approver],
        (FLEET, "chain", "binary", "sha256"): material.binary_sha256,
        (FLEET, "chain", "genesis", "sha256"): material.genesis_sha256,
    }


def apply(config: dict[str, Any], overlay: dict[Keys, Any]) -> list[Change]:
    """Replace in `config` what is there, and say what was replaced, in the overlay's order."""
    changes = []
    for keys, after in overlay.items():
        *path, last = keys
        place: Any = config
        for key in path:
            place = place.get(key) if isinstance(place, dict) else None
        if isinstance(place, dict) and last in place:
            changes.append(Change(keys, place[last], after))
            place[last] = after
    return changes


def describe(changes: list[Change], file: str) -> str:
    """The overlay as a reader of a diff expects it."""
    if not changes:
        return f"overlay on {file}: none"
    lines = [f"overlay on {file}, made for this rehearsal; the committed file is not touched:"]
    for change in changes:
        lines += [
            f"  - {show(change.keys)} = {_text(change.before)}",
            f"  + {show(change.keys)} = {_text(change.after)}",
        ]
    return "\n".join(lines)


def _text(value: Any) -> str:
    return "[" + ", ".join(str(item) for item in value) + "]" if isinstance(value, list) else str(value)
