"""What runs at first boot is small: the clouds take more (AWS 16 KiB), yet each byte is there for the life of a host."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.boot import TYPES, boot_text, place

LARGEST: Final = 4096
"""`cloudinit.first_boot.LARGEST_BYTES`."""


def _check(machine: Seen) -> Iterator[str]:
    size = len(boot_text(machine).encode())
    if not size:
        yield f"its {place(machine)} is empty, so nobody gets in by certificate"
    if size > LARGEST:
        yield f"its {place(machine)} has {size} bytes, at most {LARGEST} are allowed"


RULE: Final = Rule(
    id="hosts-user-data-small",
    title="A machine's user data is there, and at most 4096 bytes.",
    why="User data cannot be changed without a new host: what grows there is what an update to a validator cannot mend.",
    remedy="make it with cloudinit, and move what is larger into a bundle that is applied over SSH",
    severity=Severity.LOW,
    tags=("hygiene",),
    types=TYPES,
    check=_check,
)
