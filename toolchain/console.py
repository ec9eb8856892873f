"""What set-up prints: one aligned line for each tool, and indented progress below it."""

import sys

WIDTH = 13


class Console:
    """Writes lines at once, also into a pipe, so that a watcher of a CI log sees how far it is."""

    def tool(self, name: str, text: str) -> None:
        print(f"  {name:<{WIDTH}}{text}", flush=True)

    def progress(self, text: str) -> None:
        print(f"  {'':<{WIDTH}}... {text}", flush=True)

    def line(self, text: str) -> None:
        print(text, flush=True)

    def error(self, text: str) -> None:
        print(f"error: {text}", file=sys.stderr, flush=True)
