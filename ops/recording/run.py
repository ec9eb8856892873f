"""Runs a program once under the recording monitor, in a context and an event loop of its own."""

import asyncio
import contextvars
import json
import runpy
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from pulumi.runtime import mocks, set_all_config, settings, stack

from ops.recording.clouds import Clouds
from ops.recording.monitor import Recording, RecordingMonitor

ROOT: Final = Path(__file__).resolve().parents[2]
PROJECT: Final = "redoubt"


def stack_config(fleet: object) -> dict[str, str]:
    """The stack's config as the engine hands it to a program.

    Args:
        fleet: The value of `redoubt:fleet`.
    """
    return {f"{PROJECT}:fleet": json.dumps(fleet), "pulumi:disable-default-providers": '["*"]'}


def run_program(config: Mapping[str, str], stack_name: str, cloud: Clouds) -> Recording:
    """Runs `__main__.py`.

    Raises:
        pulumi.RunError: When the program refuses the config.
    """
    return run(lambda: runpy.run_path(str(ROOT), run_name="__main__"), config, stack_name, cloud)


def run(program: Callable[[], Any], config: Mapping[str, str], stack_name: str, cloud: Clouds) -> Recording:
    """Runs any program."""
    return contextvars.copy_context().run(_run, program, config, stack_name, cloud)


def _run(program: Callable[[], Any], config: Mapping[str, str], stack_name: str, cloud: Clouds) -> Recording:
    loop = asyncio.new_event_loop()
    # One worker: registrations keep their order, and the loop that the SDK's mocks open in each worker can be closed.
    worker = ThreadPoolExecutor(max_workers=1, initializer=_open_loop)
    loop.set_default_executor(worker)
    asyncio.set_event_loop(loop)
    monitor = RecordingMonitor(cloud)
    try:
        mocks.set_mocks(cloud, PROJECT, stack_name, preview=cloud.preview, monitor=monitor, organization="organization")
        settings.ROOT.set(None)  # set_mocks makes a root stack; run_in_stack makes the one that real programs have
        set_all_config(dict(config), [])
        loop.run_until_complete(stack.run_in_stack(program))
    finally:
        set_all_config({}, [])
        worker.submit(_close_loop).result()
        worker.shutdown()
        loop.close()
        asyncio.set_event_loop(None)
    return monitor.recording


def _open_loop() -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())


def _close_loop() -> None:
    asyncio.get_event_loop().close()
