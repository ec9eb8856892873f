"""What a machine runs when it first boots, by cloud: user data for cloud-init, or a startup script on GCP."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, cast

from policies.blocks import Block, CannotJudge
from policies.roles import MACHINES
from policies.rule import Seen

TYPES: Final = MACHINES
GCP: Final = "gcp:compute/instance:Instance"
HEAD: Final = "#cloud-config"
_PUT: Final = re.compile(r"^put [0-7]+ (\S+) '([^']*)'$", re.MULTILINE)
"""How `cloudinit.startup_script` writes a file."""


class NotFirstBoot(CannotJudge):
    """What a machine runs is not what `cloudinit` makes."""


def place(machine: Seen) -> str:
    """The property that holds what it runs."""
    return "metadata.startup-script" if machine.type == GCP else "userData"


def boot_text(machine: Seen) -> str:
    """What it runs; empty where there is nothing."""
    return machine.text(place(machine))


def document(machine: Seen) -> Block:
    """The cloud-config of a machine; not for GCP, which has none.

    Raises:
        NotFirstBoot: When its user data is anything else.
    """
    head, _, body = boot_text(machine).partition("\n")
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if head != HEAD or not isinstance(said, dict):
        raise NotFirstBoot("its user data is not the cloud-config, written as JSON, of cloudinit.first_boot")
    return Block(cast("dict[str, Any]", said), "userData")


def files(machine: Seen) -> list[tuple[str, str]]:
    """Path and content of each file that first boot writes, in order.

    Raises:
        NotFirstBoot: When what it runs is not what `cloudinit` makes.
    """
    if machine.type == GCP:
        return _PUT.findall(boot_text(machine))
    found: list[tuple[str, str]] = []

    def written(file: Block) -> Iterator[str]:
        found.append((file.text("path"), file.text("content")))
        return iter(())

    list(document(machine).each_block("write_files", written))
    return found
