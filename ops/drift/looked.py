"""Looks at a stack's resources in the clouds, through the engine. Nothing is changed, neither there nor in the state."""

import json
from collections.abc import Iterator
from typing import Any, Final

from ops.drift.model import Refresh, fields
from ops.drift.stream import StreamError, parse
from ops.errors import OperationError
from ops.stacks import Stack, exported

STREAM: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}
ARGUMENTS: Final = ("refresh", "--preview-only", "--json", "--non-interactive")
OF_THE_ENGINE: Final = "pulumi:providers:"


def look(stack: Stack) -> Refresh:
    """What a refresh of the stack sees.

    Raises:
        OperationError: When the state is in no condition to be compared, or the engine or a cloud did not answer: then
            there may be drift.
    """
    deployment = exported(stack).get("deployment") or {}
    refuse_unfinished(stack, deployment)
    done = stack.pulumi(*ARGUMENTS, check=False, env=STREAM)
    if done.returncode != 0:
        said = "\n".join(_errors(done.stdout)) or f"{done.stderr}{done.stdout}".strip()[-2000:]
        raise StreamError(
            f"the refresh of stack {stack.stack!r} failed with status {done.returncode}, so nobody knows whether there is "
            f"drift:\n{said}\n  remedy: mend what it says (a login, a lock, an API that does not answer), and run this again"
        )
    return parse(done.stdout, expected=_looked_for(deployment))


def refuse_unfinished(stack: Stack, deployment: dict[str, Any]) -> None:
    """Raises where an update did not end: then the state is not what the account was last known to be.

    Raises:
        OperationError: With the way to go on.
    """
    pending = deployment.get("pending_operations") or []
    halves = [one for one in deployment.get("resources") or [] if one.get("delete")]
    if pending:
        what = f"{len(pending)} operations of an update that was broken off are pending in the state"
        first = f"`{stack.command('recover')}`"
    elif halves:
        what = f"{len(halves)} resources were replaced and not yet deleted"
        first = "`pulumi up`, which deletes them"
    else:
        return
    remedy = f"wait if an update is running now; otherwise first {first}, then this again"
    raise OperationError(f"drift cannot be told from what is unfinished: {what}\n  remedy: {remedy}")


def _looked_for(deployment: dict[str, Any]) -> Iterator[str]:
    for one in deployment.get("resources") or []:
        if not one["type"].startswith(OF_THE_ENGINE):
            yield one["urn"]


def _errors(stream: str) -> Iterator[str]:
    for line in stream.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        diagnostic = fields(fields(event).get("diagnosticEvent"))
        if diagnostic.get("severity") == "error":
            yield str(diagnostic.get("message")).strip()
