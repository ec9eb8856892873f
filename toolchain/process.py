"""Running the tools that set-up uses: quietly where it is quick, with a sign of life where it takes minutes."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

SIGN_OF_LIFE = 15.0  # seconds between two progress lines
KEPT_LINES = 30  # of a failed tool's output: enough to show the cause, little enough to be read

Say = Callable[[str], None]


class Failure(Exception):
    """A tool ended with a status other than 0. `output` is all it printed."""

    def __init__(self, command: Sequence[str], status: int, output: str):
        tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-KEPT_LINES:])
        super().__init__(f"`{' '.join(command)}` ended with status {status}" + (f":\n{tail}" if tail else ""))
        self.output = output
        self.status = status


def capture(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a quick command prints on stdout. Raises Failure, or OSError where it cannot be started at all."""
    done = subprocess.run(
        command, cwd=cwd, env=_environment(env), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failure(command, done.returncode, done.stdout + done.stderr)
    return done.stdout


def follow(
    command: Sequence[str],
    say: Say,
    what: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    every: float = SIGN_OF_LIFE,
) -> str:
    """Run a slow command, say now and then for how long it has run, and return what it printed."""
    lines: list[str] = []
    started = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=_environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                reader.join(every)
                if reader.is_alive():
                    say(f"{what}: {time.monotonic() - started:.0f} s")
            status = process.wait()
        except BaseException:
            process.terminate()  # an interrupted set-up leaves nothing running behind
            process.wait()
            reader.join()
            raise
    output = "".join(lines)
    if status != 0:
        raise Failure(command, status, output)
    return output


def _environment(changes: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if changes is None else {**os.environ, **changes}
