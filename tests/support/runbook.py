"""Following the runbook of docs/state.md by its very commands, on a small rehearsed fleet."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from ops.rehearsal import Rehearsal
from ops.rehearsal.workspace import Edit
from tests.support.samples import ROOT, shrink


def blocks(heading: str) -> list[str]:
    """The commands of a section of the runbook, as they are printed there."""
    text = (ROOT / "docs" / "state.md").read_text()
    section = re.search(rf"(?ms)^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", text)
    assert section, f"docs/state.md has no section {heading!r}"
    found = re.findall(r"(?ms)^```console\n(.*?)^```", section[1])
    commands = [line.removeprefix("$ ") for block in found for line in block.splitlines() if line.startswith("$ ")]
    assert commands
    return commands


def follow(fleet: Rehearsal, vault: Path, heading: str) -> str:
    """Runs a section's very commands in one shell, as an operator would; the first that fails ends it.

    Our commands prepare the rehearsal of the whole fleet by themselves; here they get the small one.
    """
    small = "from tests.support.runbook import run_small; run_small()"
    preamble = f"""set -euo pipefail
python() {{ shift; command python -c {small!r} "$@"; }}
"""
    settings = {
        "PATH": f"{ROOT / '.venv' / 'bin'}:{fleet.environment()['PATH']}",
        "PYTHONPATH": str(ROOT),
        "STACK": "testnet",
        "BACKUPS": str(vault),
        "WHERE": f"--rehearsal {fleet.directory}",
    }
    done = subprocess.run(
        ["bash", "-c", preamble + "\n".join(f"echo '+++' && {line}" for line in blocks(heading))],
        cwd=fleet.directory,
        env=fleet.environment(settings),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def run_small() -> None:
    """`python -m MODULE ARGUMENTS...`, with every rehearsal a small one."""
    whole = Rehearsal.__init__

    def shrunk(self: Rehearsal, directory: Path, stack: str, committed: Path = ROOT, edit: Edit | None = None) -> None:
        whole(self, directory, stack, committed, edit or shrink)

    module, sys.argv = sys.argv[1], sys.argv[1:]
    with patch.object(Rehearsal, "__init__", shrunk):
        runpy.run_module(module, run_name="__main__", alter_sys=True)
