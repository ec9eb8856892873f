"""What set-up chose, for the programs that start the CLI afterwards. Standard library only."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from toolchain import stamps
from toolchain.errors import SetupError
from toolchain.layout import Layout

REMEDY = "run `make setup`"


@dataclass(frozen=True)
class Tools:
    """The CLI to start, and the folders that must come first on its PATH."""

    pulumi: Path
    path: tuple[Path, ...]


def write(layout: Layout, tools: Tools) -> None:
    """Record the choice; paths inside the repository are relative, so that a checkout can be moved."""
    record = {"pulumi": layout.shown(tools.pulumi), "path": [layout.shown(folder) for folder in tools.path]}
    stamps.write(layout.tools, json.dumps(record, indent=2) + "\n")


def read(layout: Layout) -> Tools:
    """What set-up chose. Raises SetupError where it has not run, or where the CLI has gone since."""
    try:
        record = json.loads(layout.tools.read_text())
        tools = Tools(layout.root / record["pulumi"], tuple(layout.root / folder for folder in record["path"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise SetupError("there is no record of the Pulumi CLI to use", REMEDY) from None
    if not os.access(tools.pulumi, os.X_OK):
        raise SetupError(f"the Pulumi CLI {tools.pulumi} is gone", REMEDY)
    return tools
