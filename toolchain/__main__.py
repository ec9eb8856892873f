"""`python -m toolchain`, started by `toolchain/setup`: make everything ready, and say what is used.

Idempotent, and safe to interrupt anywhere: each step leaves its stamp last.
"""

import fcntl
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from toolchain import cli as clis
from toolchain import language, packages, tools, versions
from toolchain.console import Console
from toolchain.errors import SetupError
from toolchain.layout import REPOSITORY, Layout


@contextmanager
def alone(layout: Layout, console: Console) -> Iterator[None]:
    """One set-up at a time: two `make` in two terminals must not install into one another."""
    layout.made.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.progress("another set-up is running: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(layout: Layout, console: Console) -> None:
    """All steps, in the order of their needs."""
    console.tool("python", f"{platform.python_version()} ({sys.executable})")
    uv = packages.ensure_uv(layout, console)
    console.tool("uv", f"{versions.show(uv.version)} ({layout.shown(uv.path)})")
    changed = packages.sync(layout, console, uv)
    console.tool("packages", f"{layout.shown(layout.venv)} {'now' if changed else 'already'} matches uv.lock")
    cli = clis.ensure_cli(layout, console)
    origin = "on PATH" if cli.vendor else "built from its Go module"
    console.tool("pulumi", f"{cli.version}, {origin} ({layout.shown(cli.path)})")
    host = language.vendor_host(layout, cli)
    if host is not None:
        language.remove_standin(layout)
        console.tool("python host", f"the vendor's ({host})")
        # On PATH or beside the CLI the engine finds it by itself; a cached one only in the PULUMI_HOME it lies in.
        folders = [host.parent] if "plugins" in host.parts else []
    else:
        language.ensure_standin(layout, cli)
        console.tool("python host", f"stand-in ({layout.shown(layout.standin)}): the vendor's was not found")
        folders = [layout.standin] if cli.vendor else []
    own = [] if cli.vendor else [layout.bin]  # before the caller's PATH: an older CLI may be there
    tools.write(layout, tools.Tools(cli.path, (*own, *folders)))


def main() -> int:
    console = Console()
    started = time.monotonic()
    console.line("set-up")
    try:
        with alone(REPOSITORY, console):
            set_up(REPOSITORY, console)
    except SetupError as error:
        console.error(str(error))
        return 1
    except KeyboardInterrupt:
        console.error("interrupted; `make setup` goes on where it stopped")
        return 130
    console.line(f"ready in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
