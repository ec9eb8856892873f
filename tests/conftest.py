"""For all tests: no credential and no Pulumi setting of the caller, and an event loop of its own for each test."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from ops.rehearsal import environment


@pytest.fixture(autouse=True)
def _scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rehearsal strips, a test must not see either; an Output turned into text is an error."""
    for name in list(os.environ):
        if environment.is_stripped(name):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")


@pytest.fixture(autouse=True)
def _own_event_loop() -> Iterator[None]:
    """Registrations left pending by one mocked program must not run in the next one's loop (stelvio issue 273)."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending and not loop.is_closed():
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)
