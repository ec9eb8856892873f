"""A committed project in a folder of its own, and an engine that only pretends, as hostile to files as the real one."""

from pathlib import Path

import pytest

from ops.rehearsal import Rehearsal, workspace
from toolchain.tools import Tools

# What the real engine does to files: `stack init` rewrites the stack file, a removal deletes it (tried with 3.259.0).
ENGINE = r"""#!/bin/sh
echo "$*" >> "$LOG"
file="Pulumi.$PULUMI_STACK.yaml"
state="state/.pulumi/stacks/redoubt"
case "$1 $2" in
"stack init")
    printf 'encryptionsalt: v1:salt\n' >> "$file"
    mkdir -p "$state" && printf '{}' > "$state/$PULUMI_STACK.json" ;;
"stack export") echo '{"deployment": {}}' ;;
"stack output") echo '{"summary": "three hosts"}' ;;
"preview "*) printf 'rewritten: true\n' >> "$file"; printf 'main: elsewhere\n' > Pulumi.yaml ;;
"destroy "*) rm "$file" ;;
esac
[ -z "${FAIL:-}" ] || { echo "$FAIL" >&2; exit 255; }
"""

PROJECT = """\
name: redoubt
runtime: {name: python, options: {virtualenv: .venv}}
requiredPulumiVersion: ">=3.259.0"
"""

STACK = """\
# A comment of ours.
secretsprovider: awskms://alias/real
encryptedkey: belongs-to-the-real-stack
config:
  redoubt:fleet:
    name: on
    chain:
      binary: {url: "https://example.org/binary", sha256: REPLACE-WITH-the-hash}
      genesis: {url: "https://example.org/genesis", sha256: REPLACE-WITH-the-hash}
    access:
      admin_cidrs: [198.18.0.1/32]
      ssh_user_ca: REPLACE-WITH-a-key
      approvers: [REPLACE-WITH-a-key]
"""


class Committed:
    """The files that a rehearsal must never change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.write("Pulumi.yaml", PROJECT)
        self.write("Pulumi.testnet.yaml", STACK)
        self.write("Pulumi.mainnet.yaml", STACK)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def content(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}


@pytest.fixture
def committed(tmp_path: Path) -> Committed:
    return Committed(tmp_path / "committed")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the pretended engine was started with, a line each."""
    path = tmp_path / "log"
    path.touch()
    pulumi = tmp_path / "engine" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text(ENGINE)
    pulumi.chmod(0o755)
    monkeypatch.setenv("LOG", str(path))
    monkeypatch.setattr(workspace.tools, "read", lambda _: Tools(pulumi, (pulumi.parent,)))
    return path


@pytest.fixture
def rehearsal(tmp_path: Path, committed: Committed, log: Path) -> Rehearsal:
    return Rehearsal(tmp_path / "build" / "rehearsal", "testnet", committed.folder)
