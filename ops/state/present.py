"""The state as it stands in the stack's backend."""

import re

from ops.errors import OperationError
from ops.recover import locks
from ops.stacks import Completed, Stack
from ops.state.export import Export, Finding, read

_NO_STACK = re.compile(r"no stack named '[^']*' found")


def present(stack: Stack) -> Export | None:
    """What the backend holds of a stack; None where it has no such stack. Takes no lock and changes nothing.

    Raises:
        OperationError: When the backend does not answer, or answers with another stack's resources.
        Finding: When the state is damaged or shows secrets.
    """
    done = stack.pulumi("stack", "export", "--stack", stack.stack, check=False)
    if done.returncode != 0:
        if _NO_STACK.search(said(done)):
            return None
        raise OperationError(
            f"the state of stack {stack.stack!r} cannot be read:\n{said(done)}\n"
            "  remedy: log in to its backend (`pulumi whoami -v` shows which it is). `failed to load checkpoint`: "
            f"`{stack.command('recover')}` first. If the state itself is damaged: move it away in the backend, keep it, and restore "
            "a backup (docs/state.md, runbook)"
        )
    export = read(done.stdout, f"the state of stack {stack.stack!r}")
    refuse_foreign(export, stack, f"the state of stack {stack.stack!r}")
    return export


def refuse_foreign(export: Export, stack: Stack, where: str) -> None:
    """Refuses what belongs to another project or stack.

    Raises:
        Finding: With whose it is.
    """
    if export.resources:
        refuse_owner(export.project, export.stack, stack, where)


def refuse_owner(project: str | None, name: str | None, stack: Stack, where: str) -> None:
    """Refuses a project and stack that are not the given stack's.

    Raises:
        Finding: With whose it is.
    """
    if (project, name) != (stack.project, stack.stack):
        raise Finding(
            f"{where} is of {project}/{name}, not of {stack.project}/{stack.stack}\n"
            f"  remedy: name a backup of {stack.project}/{stack.stack}, or the other stack with --stack"
        )


def refuse_locked(done: Completed, stack: Stack) -> None:
    """Turns the engine's word about a lock into ours; does nothing when it speaks of something else.

    Raises:
        OperationError: With who holds the lock since when, as far as the backend says.
    """
    found = locks.told(said(done))
    if found is None:
        return
    who = [f"  held by {one}" for one in found] or [f"  {said(done)}"]
    text = "\n".join([f"stack {stack.stack!r} is locked by another update; nothing was changed:", *who])
    raise OperationError(
        f"{text}\n  remedy: wait for it to end. If it is dead: `{stack.command('recover')}` looks whether it is, takes its lock "
        "away, and puts right what it left"
    )


def said(done: Completed) -> str:
    """What the engine printed."""
    return f"{done.stdout}{done.stderr}".strip()
