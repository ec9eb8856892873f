"""Stamps: has a step already run for exactly these inputs?

A stamp is written last, and atomically. An interruption therefore leaves a step without its stamp, and the next run
does that step again.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def digest(*parts: str | Path) -> str:
    """A digest over texts and the contents of files, in this order; none can run into its neighbour."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(f"{len(content)}:".encode() + content)
    return total.hexdigest()


def fresh(stamp: Path, value: str, made: Iterable[Path]) -> bool:
    """Whether `stamp` holds `value` and everything that the step made is still there."""
    if not all(path.exists() for path in made):
        return False
    return stamp.is_file() and stamp.read_text().strip() == value


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a run after an interruption, sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
