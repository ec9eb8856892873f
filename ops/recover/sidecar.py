"""A state that cannot be read because of the file beside it.

On a `file://` backend the engine's storage library (gocloud.dev, fileblob) writes each file's attributes into `<file>.attrs`,
and not in one step: killed at that moment, the engine leaves an empty one and fails from then on with `failed to load
checkpoint: EOF`, although the state itself is whole (seen with 3.259.0, one kill in about twenty). Without the file nothing
is lost. A backend URL that ends with `?metadata=skip` writes none.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ops.stacks import Stack


def mend(stack: Stack) -> Path | None:
    """Takes a damaged attributes file of the stack's state away; None where the backend or the file is another."""
    url = str(_said(stack).get("url", ""))
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    folder = Path(unquote(parts.path)).expanduser() / ".pulumi" / "stacks" / stack.project
    path = folder / f"{stack.stack}.json.attrs"
    try:
        json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        path.unlink()
        return path
    return None


def _said(stack: Stack) -> dict[str, Any]:
    done = stack.pulumi("whoami", "--json", check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {}
