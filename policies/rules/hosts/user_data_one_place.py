"""A machine has one place for what it runs at boot: the clouds take code from others too, which no rule here reads."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.boot import TYPES

OTHERS: Final = ("metadataStartupScript", "userDataBase64")
KEYS: Final = frozenset(
    {
        "block-project-ssh-keys",
        "enable-guest-attributes",
        "enable-osconfig",
        "enable-oslogin",
        "serial-port-enable",
        "startup-script",
    }
)
"""Metadata that the program sets; keys of other names run scripts (`shutdown-script`, `user-data`) or let people in."""


def _check(machine: Seen) -> Iterator[str]:
    for name in OTHERS:
        if machine.text(name):
            yield f"{name} is set"
    for key in machine.keys("metadata"):
        if key not in KEYS:
            yield f"its metadata has {key}"


RULE: Final = Rule(
    id="hosts-user-data-one-place",
    title="What a machine runs at boot stands in its user data, or its startup script on GCP, and nowhere else.",
    why="A script in another place is root on a signer at its next boot, past every check of the user data.",
    remedy="use user_data, or metadata with the keys of components.gcp.hosts alone",
    severity=Severity.HIGH,
    tags=("identity", "secrets"),
    types=TYPES,
    check=_check,
)
