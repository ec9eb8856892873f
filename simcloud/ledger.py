"""The ledger: what exists in the simulated account, for providers to work with and for people and tests to look at.

One ledger is one account that several stacks share. A record is one resource, or something the cloud made by itself
along with one (a VPC's default security group, an instance's network interface): then `owner` is set, `urn` is
empty, and it goes when its owner goes.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simcloud.core.database import Database
from simcloud.core.errors import LedgerError

ENVIRONMENT = "REDOUBT_SIMCLOUD"
"""The environment variable that names the ledger's file, and without which no simulated provider starts."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing in the account. `hidden` is what the cloud knows of it but no property shows."""

    seq: int
    provider: str
    region: str
    type: str
    id: str
    urn: str
    owner: int | None
    address: str | None
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    hidden: Mapping[str, Any]

    @property
    def stack(self) -> str:
        """The stack that created it, as `project/stack`; empty for what the cloud made by itself."""
        stack, project = self.urn.removeprefix("urn:pulumi:").split("::")[:2] if self.urn else ("", "")
        return f"{project}/{stack}" if self.urn else ""

    @property
    def name(self) -> str:
        """The logical name in the program; empty for what the cloud made by itself."""
        return self.urn.rpartition("::")[2]


class Transaction:
    """Reads and writes that happen together; got from `Ledger.transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def records(
        self,
        provider: str | None = None,
        region: str | None = None,
        type: str | None = None,  # noqa: A002 -- the word that users of the ledger think in
        outputs: Mapping[str, str | int | None] | None = None,
    ) -> list[Record]:
        """Records in the order of their creation; `outputs` are values that top-level outputs must have."""
        columns = {"provider": provider, "region": region, "type": type}
        tests = {f"{name} = ?": value for name, value in columns.items() if value is not None}
        tests |= {f"json_extract(outputs, '$.{name}') IS ?": value for name, value in (outputs or {}).items()}
        where = f"WHERE {' AND '.join(tests)}" if tests else ""
        query = f"SELECT * FROM records {where} ORDER BY seq"  # noqa: S608 -- names from our code, values bound
        rows = self.connection.execute(query, list(tests.values()))
        return [_record(row) for row in rows]

    def get(self, provider: str, region: str, type: str, id: str) -> Record | None:  # noqa: A002
        """One record, if it is there."""
        row = self.connection.execute(
            "SELECT * FROM records WHERE provider = ? AND type = ? AND region = ? AND id = ?",
            (provider, type, region, id),
        ).fetchone()
        return _record(row) if row else None

    def add(
        self,
        *,
        provider: str,
        region: str,
        type: str,  # noqa: A002
        id: str,  # noqa: A002
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
        hidden: Mapping[str, Any] | None = None,
        urn: str = "",
        owner: int | None = None,
        address: str | None = None,
    ) -> int:
        """Add a record; the answer is its `seq`."""
        row = self.connection.execute(
            "INSERT INTO records (provider, region, type, id, urn, owner, address, inputs, outputs, hidden) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
            (provider, region, type, id, urn, owner, address, _json(inputs), _json(outputs), _json(hidden)),
        ).fetchone()
        return row[0]

    def change(self, record: Record, **columns: Any) -> None:
        """Write new values of columns (`inputs`, `outputs`, `hidden`, `address`)."""
        values = [_json(value) if isinstance(value, Mapping) else value for value in columns.values()]
        assignments = ", ".join(f"{name} = ?" for name in columns)
        statement = f"UPDATE records SET {assignments} WHERE seq = ?"  # noqa: S608 -- names from our code
        self.connection.execute(statement, [*values, record.seq])

    def remove(self, record: Record) -> None:
        """Remove a record and what the cloud made along with it."""
        self.connection.execute("DELETE FROM records WHERE seq = ?", (record.seq,))

    def count(self, name: str) -> int:
        """The next number of a counter, from 1; ids are made from it, so that a new ledger gives the same ones."""
        row = self.connection.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (name,),
        ).fetchone()
        return row[0]

    def setting(self, name: str, default: str) -> str:
        """A setting of the account, such as `quota.elastic-ips`."""
        row = self.connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def set(self, name: str, value: str) -> None:
        """Change a setting of the account."""
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


class Ledger:
    """A ledger's file, opened."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.database = Database(self.path)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; an exception undoes all that was written in it."""
        with self.database.transaction() as connection:
            yield Transaction(connection)

    def records(
        self,
        *,
        type: str | None = None,  # noqa: A002
        stack: str | None = None,
        provider: str | None = None,
        region: str | None = None,
    ) -> list[Record]:
        """What exists, in the order of creation; `stack` is `stack` or `project/stack`."""
        with self.transaction() as transaction:
            found = transaction.records(provider=provider, region=region, type=type)
        return [record for record in found if stack is None or _in_stack(record, stack)]

    def stacks(self) -> list[str]:
        """The stacks that something in the account comes from, as `project/stack`."""
        return sorted({record.stack for record in self.records() if record.urn})

    def purge(self, stack: str) -> list[Record]:
        """Remove everything a stack created, without asking what depends on it; the answer is what was removed."""
        with self.transaction() as transaction:
            gone = [record for record in transaction.records() if _in_stack(record, stack)]
            for record in gone:
                transaction.remove(record)
        return gone

    def settings(self) -> dict[str, str]:
        """The settings that differ from their defaults."""
        with self.transaction() as transaction:
            return dict(transaction.connection.execute("SELECT name, value FROM settings ORDER BY name").fetchall())

    def set(self, name: str, value: str) -> None:
        """Change a setting of the account, such as `quota.elastic-ips`."""
        with self.transaction() as transaction:
            transaction.set(name, value)

    def close(self) -> None:
        """Close the file."""
        self.database.close()


def open_ledger(path: str | Path | None = None) -> Ledger:
    """The ledger at a path, or the one that the environment names."""
    chosen = path or os.environ.get(ENVIRONMENT)
    if not chosen:
        raise LedgerError(f"no ledger is named: set {ENVIRONMENT} to the path of its file")
    return Ledger(chosen)


def _in_stack(record: Record, stack: str) -> bool:
    return bool(record.urn) and stack in (record.stack, record.stack.partition("/")[2])


def _json(value: Mapping[str, Any] | None) -> str:
    return json.dumps(value or {}, sort_keys=True)


def _record(row: sqlite3.Row) -> Record:
    parsed = {name: json.loads(row[name]) for name in ("inputs", "outputs", "hidden")}
    return Record(**{**dict(zip(row.keys(), row, strict=True)), **parsed})
