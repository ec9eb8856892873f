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


def values(material: Material, config: dict[str, Any]) -> dict[Keys, Any]:
    """What a rehearsal makes for itself, by its place in the stack's config.

    The machines of bare metal are simulated ones too, so they have host keys of the rehearsal's own.
    """
    fleet = config.get(FLEET)
    sites = fleet.get("sites") if isinstance(fleet, dict) else None
    host_keys: dict[Keys, Any] = {
        (FLEET, "sites", index, "hosts", at, "host_key"): material.host_key(f"{site.get('name')}-{host.get('name')}")
        for index, site in enumerate(sites if isinstance(sites, list) else [])
        if isinstance(site, dict) and isinstance(site.get("hosts"), list)
        for at, host in enumerate(site["hosts"])
        if isinstance(host, dict)
    }
    return {
        (FLEET, "access", "ssh_user_ca"): material.ssh_user_ca,
        (FLEET, "access", "approvers"): [material.approver],
        (FLEET, "chain", "binary", "sha256"): material.binary_sha256,
        (FLEET, "chain", "genesis", "sha256"): material.genesis_sha256,
        **host_keys,
    }


def apply(config: dict[str, Any], overlay: dict[Keys, Any]) -> list[Change]:
    """Replace in `config` what is there, and say what was replaced, in the overlay's order."""
    changes = []
    for keys, after in overlay.items():
        *path, last = keys
        place: Any = config
        for key in path:
            place = _below(place, key)
        if isinstance(place, dict) and last in place:
            changes.append(Change(keys, place[last], after))
            place[last] = after
    return changes


def _below(place: Any, key: str | int) -> Any:
    """What lies at a key of a mapping or an index of a list; None where nothing does."""
    if isinstance(place, dict):
        return place.get(key)
    return place[key] if isinstance(place, list) and isinstance(key, int) and key < len(place) else None


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
