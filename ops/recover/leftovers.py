"""Providers that outlive their engine: a killed engine's plugins may still carry out what they were asked.

Whoever looks at the account while one of them works may find nothing a second before something is there.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ops.errors import OperationError

PATIENCE: Final = 30.0
"""Seconds in which a provider without an engine should have ended."""
REAPERS: Final = {"systemd", "init", "tini", "dumb-init", "docker-init", "catatonit", "s6-svscan", "containerd-shim"}
"""What takes up orphans besides process 1, where it has another number: prctl(2), PR_SET_CHILD_SUBREAPER."""
_PROVIDER: Final = re.compile(r"pulumi-resource-[a-z]|\bsimcloud\.[a-z]")


def wait() -> None:
    """Waits until no provider without an engine runs on this machine.

    Raises:
        OperationError: With the processes, when they do not end.
    """
    deadline = time.monotonic() + PATIENCE
    while left := list(_orphans()):
        if time.monotonic() > deadline:
            numbers = " ".join(map(str, left))
            raise OperationError(
                f"providers of a killed update are still at work: processes {numbers}\n"
                f"  remedy: wait for them, or end them with `kill {numbers}`, then run this again"
            )
        time.sleep(0.2)


def _orphans() -> Iterator[int]:
    """Providers whose parent is gone, so that a process that takes up orphans has become it."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue  # it has just ended
        if _PROVIDER.search(command) and (parent == 1 or _name(parent) in REAPERS):
            yield int(folder.name)


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
