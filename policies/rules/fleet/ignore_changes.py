"""An ignored property is one whose drift and whose change nobody sees."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

IGNORED: Final = frozenset(
    {
        "ami",
        "image",
        "userData",
        "sshKeys",
        "bootDisk.initializeParams.image",
        'metadata["startup-script"]',
        "attachedDisks",
    }
)
"""First boot and image: what is set once in the life of a host (design, section 6); and disks attached on their own."""


def _check(resource: Seen) -> Iterator[str]:
    for path in resource.ignore_changes:
        if path not in IGNORED:
            yield f"changes of {path!r} are ignored"


RULE: Final = Rule(
    id="fleet-ignore-changes",
    title="Only what is set once in the life of a host is ignored when it changes.",
    why='With ignore_changes=["*"] an opened port or a lost tag stays as it is, and every preview says that nothing changes.',
    remedy="take it out of ignore_changes",
    severity=Severity.HIGH,
    tags=("exposure", "hygiene"),
    types=None,
    check=_check,
)
