"""What a rehearsal makes once and keeps while it lives: an SSH user CA, an approver's key, stand-ins for downloads.

Nothing here protects anything real. The private halves stay in the rehearsal's folder, readable by its owner alone, so
that a rehearsal handles keys the way a real fleet does.
"""

import hashlib
import json
import re
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ops.rehearsal.errors import RehearsalError

CA = "ssh-user-ca"
APPROVER = "approver"  # a plain ed25519 key: a hardware key cannot be made without its hardware
BINARY = "chain-binary"
GENESIS = "genesis.json"


@dataclass(frozen=True)
class Material:
    """The files, and what of them goes into the config."""

    folder: Path

    @property
    def ssh_user_ca(self) -> str:
        return _public_key(self.folder / CA)

    @property
    def approver(self) -> str:
        return _public_key(self.folder / APPROVER)

    def host_key(self, host: str) -> str:
        """The public half of a simulated metal host's SSH host key, made when it is first asked for."""
        name = f"host-{re.sub(r'[^A-Za-z0-9-]', '_', host)}"
        if not (self.folder / f"{name}.pub").is_file():
            (self.folder / name).unlink(missing_ok=True)  # of a run that was cut off between the two halves
            _keygen(self.folder / name, f"redoubt rehearsal {name}")
        return _public_key(self.folder / name)

    @property
    def binary_sha256(self) -> str:
        return _sha256(self.folder / BINARY)

    @property
    def genesis_sha256(self) -> str:
        return _sha256(self.folder / GENESIS)


def ensure(folder: Path) -> Material:
    """The material in `folder`, made where it is missing. The folder appears complete or not at all."""
    if not folder.is_dir():
        making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))  # mode 0700
        try:
            _make(making)
            making.rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)  # gone already where all went well
    return Material(folder)


def _make(folder: Path) -> None:
    for name in (CA, APPROVER):
        _keygen(folder / name, f"redoubt rehearsal {name}")
    nonce = secrets.token_hex(16)
    (folder / BINARY).write_text(
        f"stands for the node software; simulated hosts of mode `ledger` run nothing: {nonce}\n"
    )
    (folder / GENESIS).write_text(json.dumps({"stands_for": "the chain's genesis", "nonce": nonce}) + "\n")


def _keygen(path: Path, comment: str) -> None:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)]
    remedy = "install the OpenSSH client (Debian, Ubuntu: `apt-get install openssh-client`)"
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise RehearsalError(f"ssh-keygen is not on PATH\n  remedy: {remedy}") from None
    if done.returncode != 0:
        raise RehearsalError(f"ssh-keygen failed: {done.stderr.strip()}\n  remedy: read its message; {remedy}")


def _public_key(private: Path) -> str:
    """Type and key, without the comment."""
    kind, key, *_ = private.with_suffix(".pub").read_text().split()
    return f"{kind} {key}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
