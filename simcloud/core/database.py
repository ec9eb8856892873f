"""The SQLite file under the ledger: made when missing, checked when there, never overwritten when it is not ours.

Several provider processes use one file at a time: write-ahead logging, a write lock for each whole transaction (so a
check and the write it allows are one step), and a busy timeout.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simcloud.core.errors import LedgerError

APPLICATION_ID = 0x5EDB7001
"""Marks the file as a ledger, see https://www.sqlite.org/pragma.html#pragma_application_id."""

VERSION = 1
"""Raised whenever TABLES changes; an older file is refused, since a simulated account is cheap to make again."""

BUSY_SECONDS = 30.0

TABLES = """
CREATE TABLE records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    region TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    urn TEXT NOT NULL,
    owner INTEGER REFERENCES records(seq) ON DELETE CASCADE,
    address TEXT,
    inputs TEXT NOT NULL,
    outputs TEXT NOT NULL,
    hidden TEXT NOT NULL,
    UNIQUE (provider, type, region, id)
);
CREATE UNIQUE INDEX records_address ON records(address) WHERE address IS NOT NULL;
CREATE INDEX records_owner ON records(owner);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE faults (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    operation TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    skip INTEGER NOT NULL,
    times INTEGER NOT NULL,
    seconds REAL NOT NULL,
    message TEXT NOT NULL
);
"""


class Database:
    """One connection to a ledger's file; transactions are its only way to read or write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir() or not path.parent.is_dir():
            raise LedgerError(f"{path} cannot be a ledger: name a file in a folder that exists")
        try:
            if not path.exists():
                _make(path)
            self._connection = _connect(path)
            with self.transaction() as connection:
                _refuse_foreign(path, connection)
            self._connection.execute("PRAGMA foreign_keys = ON")
            # A simulated account outlives killed processes, not a power cut: waiting for the disk would buy nothing.
            self._connection.execute("PRAGMA synchronous = OFF")
        except sqlite3.Error as error:
            raise LedgerError(
                f"{path} cannot be read as a ledger of the simulated clouds ({error}): "
                "move it away, or name another file in REDOUBT_SIMCLOUD; it has not been changed"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with the write lock from the start."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection; the object is of no use afterwards."""
        self._connection.close()


def _make(path: Path) -> None:
    """Make a new ledger whole under another name, then give it its own: other processes see all of it or nothing."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.touch(mode=0o600)  # user-data and policies may stand in it
    try:
        connection = _connect(draft)
        connection.executescript(
            f"PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {VERSION}; BEGIN; {TABLES} COMMIT"
        )
        connection.close()
        with contextlib.suppress(FileExistsError):  # another process was first, and its file is as good
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _refuse_foreign(path: Path, connection: sqlite3.Connection) -> None:
    """Raise before anything is written unless the file is an undamaged ledger of this version."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LedgerError(
            f"{path} is not a ledger of the simulated clouds but another program's file, or empty: "
            "name another file in REDOUBT_SIMCLOUD; it has not been changed"
        )
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        raise LedgerError(f"{path} was written by another version of simcloud: move it away and make the stacks anew")
    damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise LedgerError(f"{path} is damaged ({' '.join(damage.split())}): move it away and make the stacks anew")
