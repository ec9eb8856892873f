"""Starting the engine so that an interruption reaches it once, and in a way it can clean up after."""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

Echo = Callable[[str], str]  # what to show of a line of output; an empty text shows nothing

PIECE = 1.0  # seconds of one wait; a signal is handled that much later at the worst
GRACE = 30.0  # seconds the engine has to release its lock and end its plugins, before it is killed


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
    echo: Echo | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run to the end and return what was printed; and show what `echo` makes of each line as it comes.

    The engine gets a process group of its own, and SIGINT and SIGTERM are passed on to it: were it killed, as
    `subprocess.run` does on an interrupt, it would leave the stack locked and its plugins running.
    Raises subprocess.TimeoutExpired after `timeout` seconds and KeyboardInterrupt after a signal, in both cases once
    the engine has ended.
    """
    texts: tuple[list[str], list[str]] = ([], [])
    with (
        subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            process_group=0,
        ) as process,
        _signals_passed_to(process) as received,
    ):
        pumps = [
            threading.Thread(target=_pump, args=(process.stdout, texts[0], sys.stdout, echo), daemon=True),
            threading.Thread(target=_pump, args=(process.stderr, texts[1], sys.stderr, echo), daemon=True),
        ]
        for pump in pumps:
            pump.start()
        try:
            status = _wait(process, timeout)
        except BaseException:
            _end(process)
            raise
        finally:
            for pump in pumps:
                pump.join()
    if received:
        raise KeyboardInterrupt
    return subprocess.CompletedProcess(command, status, "".join(texts[0]), "".join(texts[1]))


def _wait(process: subprocess.Popen[str], timeout: float | None) -> int:
    """Wait in short pieces: a signal that comes just before a blocking wait would only be handled after it."""
    deadline = math.inf if timeout is None else time.monotonic() + timeout
    while True:
        try:
            return process.wait(max(0.0, min(PIECE, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(process.args, timeout or 0.0) from None


def _pump(stream: IO[str] | None, kept: list[str], screen: TextIO, echo: Echo | None) -> None:
    for line in stream or ():
        kept.append(line)
        if echo is not None and (shown := echo(line)):
            screen.write(shown)
            screen.flush()


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _signals_passed_to(process: subprocess.Popen[str]) -> Iterator[list[int]]:
    """Python delivers signals to the main thread only; elsewhere (a test's thread) the caller's handlers stay."""
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def pass_on(number: int, _: object) -> None:
        received.append(number)
        process.send_signal(signal.SIGINT)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, pass_on) for number in numbers]
    try:
        yield received
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
