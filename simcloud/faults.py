"""Faults that a test orders: they are kept in the ledger, so that they reach providers in other processes.

Each fault fires at its `nth` matching call and at the `times - 1` that follow, across all processes together, and is
gone then. A fault that matched and fired is used up even if the call fails for another reason.

    python -m simcloud faults add fail --type aws:ec2/vpc:Vpc --nth 2 --message "InternalError: try later"
    python -m simcloud faults add throttle --times 3
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from simcloud.core.errors import SimcloudError
from simcloud.ledger import Ledger

Kind = Literal["fail", "lose", "exit", "delay", "throttle"]
Operation = Literal["create", "read", "update", "delete"]

EFFECTS: dict[Kind, str] = {
    "fail": "the call does nothing and answers with the message",
    "lose": "the call succeeds, but the engine gets an error in place of its answer",
    "exit": "the call succeeds, then the provider's process ends without answering",
    "delay": "the call takes some seconds longer",
    "throttle": "the cloud answers RequestLimitExceeded; the provider tries again until its retries are used up",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An ordered fault. `type` and `name` (the logical name) may hold * and ?; `times` is how often it still fires."""

    kind: Kind
    operation: Operation = "create"
    type: str = "*"
    name: str = "*"
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    message: str = "InternalError: an internal error has occurred: this fault was ordered by a test"


def add(ledger: Ledger, fault: Fault) -> None:
    """Order a fault."""
    if fault.kind not in EFFECTS or fault.operation not in get_args(Operation):
        raise SimcloudError(f"no fault {fault.kind} of {fault.operation}: use one of {', '.join(EFFECTS)}")
    if fault.nth < 1 or fault.times < 1:
        raise SimcloudError("a fault fires at least once, and at its first call at the earliest: use numbers above 0")
    if (fault.seconds > 0) != (fault.kind == "delay"):
        raise SimcloudError("seconds go with delay, and delay with seconds above 0: give both or neither")
    with ledger.transaction() as transaction:
        transaction.connection.execute(
            "INSERT INTO faults (kind, operation, type, name, skip, times, seconds, message) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                fault.kind,
                fault.operation,
                fault.type,
                fault.name,
                fault.nth - 1,
                fault.times,
                fault.seconds,
                fault.message,
            ),
        )


def pending(ledger: Ledger) -> list[Fault]:
    """The faults that have not fired as often as they were ordered to."""
    with ledger.transaction() as transaction:
        rows = transaction.connection.execute("SELECT * FROM faults ORDER BY number").fetchall()
    return [_fault(row) for row in rows]


def clear(ledger: Ledger) -> None:
    """Forget all faults."""
    with ledger.transaction() as transaction:
        transaction.connection.execute("DELETE FROM faults")


def take(ledger: Ledger, kinds: set[Kind], operation: Operation, type: str, name: str) -> list[Fault]:  # noqa: A002
    """The faults of some kinds that fire at this call; it counts for each that matches, whether it fires or not."""
    with ledger.transaction() as transaction:
        connection = transaction.connection
        rows = connection.execute(
            "SELECT * FROM faults WHERE operation = ? AND ? GLOB type AND ? GLOB name ORDER BY number",
            (operation, type, name),
        ).fetchall()
        matching = [row for row in rows if row["kind"] in kinds]
        for row in matching:
            connection.execute(
                "UPDATE faults SET skip = max(skip - 1, 0), times = times - (skip = 0) WHERE number = ?",
                (row["number"],),
            )
        connection.execute("DELETE FROM faults WHERE times = 0")
    return [_fault(row) for row in matching if not row["skip"]]


def _fault(row) -> Fault:
    return Fault(
        kind=row["kind"],
        operation=row["operation"],
        type=row["type"],
        name=row["name"],
        nth=row["skip"] + 1,
        times=row["times"],
        seconds=row["seconds"],
        message=row["message"],
    )
