"""One operation of the provider: one or more calls to the simulated cloud, with the retries of the real provider.

The real one waits minutes for a dependency to go; here nothing takes minutes, so the waits are shorter and settings
of the ledger (`retry.seconds`). Faults that a test ordered (simcloud.faults) strike here.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from simcloud import faults
from simcloud.core.errors import CloudError, SimcloudError
from simcloud.ledger import Ledger, Transaction

T = TypeVar("T")

RETRY_SECONDS = 5.0
"""How long a refusal that passes by itself is retried; terraform-provider-aws waits 5 to 20 minutes for deletions."""

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.5


@dataclass(frozen=True)
class Operation:
    """What the engine asked for, and how often the provider may call the cloud for it when it is throttled."""

    kind: faults.Operation
    type: str
    name: str
    attempts: int

    def faults(self, ledger: Ledger, *kinds: faults.Kind) -> list[faults.Fault]:
        """The faults of some kinds that strike now."""
        return faults.take(ledger, set(kinds), self.kind, self.type, self.name)


async def attempt(ledger: Ledger, operation: Operation, action: Callable[[Transaction], T]) -> T:
    """Run the action in a transaction, again where the real provider would call again."""
    struck = operation.faults(ledger, "delay", "fail", "lose", "exit")
    for fault in struck:
        await asyncio.sleep(fault.seconds)
    for fault in struck:
        if fault.kind == "fail":
            raise SimcloudError(fault.message)
    result = await _retrying(ledger, operation, action)
    for fault in struck:
        if fault.kind == "exit":
            os._exit(1)  # not sys.exit: the answer must not reach the engine
        if fault.kind == "lose":
            raise SimcloudError(f"{fault.message} (the call itself succeeded)")
    return result


async def _retrying(ledger: Ledger, operation: Operation, action: Callable[[Transaction], T]) -> T:
    deadline = time.monotonic() + _retry_seconds(ledger)
    throttled = 0
    pause = FIRST_PAUSE
    while True:
        try:
            if operation.faults(ledger, "throttle"):
                throttled += 1
                raise _throttled()
            with ledger.transaction() as transaction:
                return action(transaction)
        except CloudError as error:
            in_time = time.monotonic() < deadline
            if not (throttled < operation.attempts if error.code == THROTTLED else error.retry and in_time):
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


THROTTLED = "RequestLimitExceeded"


def _throttled() -> CloudError:
    return CloudError(
        THROTTLED, "Request limit exceeded", "run the update again later, or raise maxRetries", retry=True
    )


def _retry_seconds(ledger: Ledger) -> float:
    with ledger.transaction() as transaction:
        return float(transaction.setting("retry.seconds", str(RETRY_SECONDS)))
