"""A newer image or other user data replaces no host that exists: both are what a host is made with (design, section 6)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.boot import TYPES

IGNORED: Final = {
    "aws:ec2/instance:Instance": ("ami", "userData"),
    "gcp:compute/instance:Instance": ("bootDisk.initializeParams.image", 'metadata["startup-script"]'),
    "digitalocean:index/droplet:Droplet": ("image", "sshKeys", "userData"),
}


def _check(machine: Seen) -> Iterator[str]:
    for path in IGNORED[machine.type]:
        if path not in machine.ignore_changes:
            yield f"another {path} changes or replaces it"
    if machine.flag("userDataReplaceOnChange"):
        yield "other user data replaces it"


RULE: Final = Rule(
    id="hosts-first-boot-kept",
    title="A machine that exists keeps the image and the user data that it was made with.",
    why="An image that moved in the night would replace every validator in one update.",
    remedy="name them in ignore_changes as the components do, and leave user_data_replace_on_change at False",
    severity=Severity.HIGH,
    tags=("durability", "signing"),
    waivable=False,
    types=TYPES,
    check=_check,
)
