"""Runs the real `__main__.py` of a stack under the recording monitor (`ops.recording`), as tests need it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from ops.recording.answers.aws import ACCOUNT
from ops.recording.clouds import Clouds
from ops.recording.monitor import Recording, RecordingMonitor, Registration
from ops.recording.run import run as run_any
from ops.recording.run import run_program as run_main
from ops.recording.run import stack_config
from tests.support.samples import Config, committed

__all__ = [
    "ACCOUNT",
    "Clouds",
    "Recording",
    "RecordingMonitor",
    "Registration",
    "recorded",
    "run_any",
    "run_program",
    "stack_config",
]


def run_program(
    fleet: Config,
    stack_name: str = "testnet",
    *,
    preview: bool = False,
    previous_outputs: Mapping[str, Any] | None = None,
    config: Mapping[str, str] | None = None,
) -> Recording:
    """Runs the program once, in a loop of its own.

    Args:
        fleet: The value of `redoubt:fleet`.
        preview: With outputs that are not known, as in the preview of a first update.
        previous_outputs: The stack's outputs of the last update.
        config: The whole stack config instead of the usual one around `fleet`.
    """
    cloud = Clouds(preview=preview, previous_outputs=previous_outputs or {})
    return run_main(config if config is not None else stack_config(fleet), stack_name, cloud)


def recorded(stack_name: str, *, preview: bool = False) -> Recording:
    """The committed fleet of a stack, run once for all tests: not to be changed."""
    return _recorded(stack_name, preview)


@cache
def _recorded(stack_name: str, preview: bool) -> Recording:
    return run_program(committed(stack_name), stack_name, preview=preview)
