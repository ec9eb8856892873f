"""Who holds a stack's lock, and whether that update still runs.

The engine's own `cancel` deletes locks without a look, also that of an update at work. Locks are asked for by a rename of
the stack to its own name: it takes the lock first and then fails, since the name is taken, so nothing ever changes
(renameStack in pkg/backend/diy/backend.go, engine 3.259.0), also where locks are no files. What Pulumi Cloud answers was not
tried: it keeps its own locks, and whatever it says besides is passed on.
"""

import re
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.recover import sidecar
from ops.stacks import Stack

_LOCKED: Final = re.compile(r"the stack is currently locked|[Aa]nother update is currently in progress")
_HOLDER: Final = re.compile(r": created by (?P<user>.*?)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
_FREE: Final = re.compile(r"already exists")
_NO_STACK: Final = re.compile(r"no stack named|no stack selected|could not find stack")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whoever took the lock.

    Attributes:
        user: Login name.
        host: Host name of the machine that the engine runs on.
        pid: The engine's process there.
        since: When it was taken, as the engine prints it (RFC 3339).
    """

    user: str
    host: str
    pid: int
    since: str

    @property
    def here(self) -> bool:
        """Whether the engine runs on this machine, so that its process can be looked for."""
        return self.host == socket.gethostname()

    @property
    def alive(self) -> bool | None:
        """Whether the process is an engine that runs, for holders that are `here`; None where that cannot be seen.

        A process of that number which is older than the lock cannot have taken its place: then this is another machine, or
        container, of the same name.
        """
        if not Path("/proc/self/comm").exists():
            return None
        folder = Path(f"/proc/{self.pid}")
        try:
            if (folder / "comm").read_text().strip() == "pulumi":
                return True
            return None if folder.stat().st_mtime < datetime.fromisoformat(self.since).timestamp() else False
        except OSError:
            return False

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}, since {self.since}"


def holders(stack: Stack) -> list[Holder] | None:
    """Who holds the lock; an empty list where it is held by someone unknown, None where it is free.

    Raises:
        OperationError: When the backend does not say.
    """
    said = _asked(stack)
    if "failed to load checkpoint" in said and sidecar.mend(stack):
        said = _asked(stack)
    found = told(said)
    if found is not None:
        return found
    if _FREE.search(said):
        return None
    if _NO_STACK.search(said):
        raise OperationError(
            f"the backend has no stack {stack.stack}\n  remedy: log in to the right backend (`pulumi whoami -v`); if it is the right "
            'one, its state is gone: docs/state.md, "The state is gone"'
        )
    raise OperationError(
        f"the backend does not say who holds the lock of stack {stack.stack}: {said.strip()}\n"
        "  remedy: log in to its backend and see what it says to `pulumi stack export`, then run this again"
    )


def told(said: str) -> list[Holder] | None:
    """Who holds a lock by what the engine printed; an empty list where it names nobody, None where it speaks of no lock."""
    if not _LOCKED.search(said):
        return None
    found = [{**one.groupdict(), "pid": int(one["pid"])} for one in _HOLDER.finditer(said)]
    return [Holder(**one) for one in found]


def _asked(stack: Stack) -> str:
    done = stack.pulumi("stack", "rename", stack.stack, check=False)
    return f"{done.stdout}{done.stderr}"


def free(stack: Stack, *, holder_is_gone: bool = False) -> list[Holder]:
    """Takes the lock of a dead update away.

    Args:
        stack: The stack.
        holder_is_gone: The operator has seen to it that an update which cannot be looked at from here has ended.

    Returns:
        Whose lock was cancelled.

    Raises:
        OperationError: When the update is at work, or nobody can know whether it is.
    """
    found = holders(stack)
    if found is None:
        return []
    alive = {one: one.alive for one in found if one.here}
    for one in found:
        if alive.get(one):
            raise OperationError(
                f"an update of stack {stack.stack} is at work: {one}\n"
                f"  remedy: wait for it, or end it with `kill -INT {one.pid}`, then run this again"
            )
    unseen = [str(one) for one in found if alive.get(one) is None] or (
        [] if found else ["somebody the backend does not name"]
    )
    if unseen and not holder_is_gone:
        raise OperationError(
            f"an update of stack {stack.stack} may be at work elsewhere: {'; '.join(unseen)}\n"
            "  remedy: see there that it has ended, then run this again with --holder-is-gone"
        )
    if holders(stack) != found:
        raise OperationError(
            f"the lock of stack {stack.stack} has just changed hands\n  remedy: see who else is at work, then run this again"
        )
    stack.pulumi("cancel", "--yes", "--non-interactive")
    return found
