"""The ledger: one account, whole transactions, several processes, and never another program's file."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simcloud.core.errors import LedgerError
from simcloud.core.internet import public_address
from simcloud.core.model import Call
from simcloud.ledger import ENVIRONMENT, Ledger, Transaction, open_ledger
from tests.support.samples import ROOT


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A file of its own: here it is closed, damaged and replaced."""
    ledger = Ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def add(transaction: Transaction, id_: str, stack: str = "dev", **more: object) -> int:
    urn = f"urn:pulumi:{stack}::redoubt::t::{id_}"
    place = {"provider": "aws", "region": "r", "type": "t", "outputs": {"id": id_}}
    return transaction.add(**{**place, "id": id_, "urn": urn, **more})  # type: ignore[arg-type]


def test_records_are_kept_in_order_and_found_by_type_stack_and_output(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        add(transaction, "b")
        add(transaction, "a", stack="prod", type="u")
        assert [r.id for r in transaction.records(outputs={"id": "a"})] == ["a"]
        assert transaction.records(outputs={"nothing": "a"}) == []
        assert [r.id for r in transaction.records(outputs={"nothing": None})] == ["b", "a"]
    assert [r.id for r in ledger.records()] == ["b", "a"]
    assert [r.id for r in ledger.records(type="u")] == ["a"]
    assert [r.id for r in ledger.records(stack="dev")] == ["b"]
    assert [r.id for r in ledger.records(stack="redoubt/prod")] == ["a"]
    assert ledger.records(stack="other/prod") == []
    assert ledger.stacks() == ["redoubt/dev", "redoubt/prod"]
    assert [(r.stack, r.name) for r in ledger.records(type="u")] == [("redoubt/prod", "a")]


def test_an_error_undoes_the_whole_transaction(ledger: Ledger) -> None:
    def fail_late() -> None:
        with ledger.transaction() as transaction:
            add(transaction, "a")
            transaction.count("n")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert ledger.records() == []
    with ledger.transaction() as transaction:
        assert transaction.count("n") == 1


def test_a_record_is_unique_in_its_place_and_an_address_in_the_account(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        add(transaction, "a", address="198.18.16.1")
        add(transaction, "a", region="other")
    for clash in ({}, {"id": "b", "region": "third", "address": "198.18.16.1"}):
        with pytest.raises(sqlite3.IntegrityError), ledger.transaction() as transaction:
            add(transaction, "a", **clash)


def test_purging_a_stack_takes_what_the_cloud_made_for_it_and_nothing_of_others(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        owner = add(transaction, "a")
        add(transaction, "child", urn="", owner=owner, address="198.18.16.1")
        add(transaction, "b", stack="prod")
    assert [r.id for r in ledger.purge("redoubt/dev")] == ["a"]
    assert [r.id for r in ledger.records()] == ["b"]
    assert ledger.purge("redoubt/dev") == []
    with ledger.transaction() as transaction:
        assert public_address(Call("aws", "1", "r", transaction)) == "198.18.16.1"


def test_a_missing_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    Ledger(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
    Ledger(path).close()


FOREIGN = {
    "text": b"hello\n" * 100,
    "empty": b"",
    "cut": b"SQLite format 3\x00" + b"\x00" * 50,
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_is_no_ledger_is_refused_by_name_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "precious"
    path.write_bytes(FOREIGN[kind])
    with pytest.raises(LedgerError, match=r"precious.*REDOUBT_SIMCLOUD; it has not been changed"):
        Ledger(path)
    assert path.read_bytes() == FOREIGN[kind]


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"other\.db is not a ledger"):
        Ledger(path)
    assert path.read_bytes() == before


def test_a_damaged_ledger_is_refused(tmp_path: Path, ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        for number in range(200):
            add(transaction, f"{number}", inputs={"x": "y" * 200})
    ledger.close()
    pages = ledger.path.read_bytes()
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(pages[:8192] + b"\xff" * 4096 + pages[12288:])
    with pytest.raises(LedgerError, match=r"damaged\.db .*move it away"):
        Ledger(damaged)


def test_a_ledger_of_another_version_is_refused(ledger: Ledger) -> None:
    ledger.close()
    connection = sqlite3.connect(ledger.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="another version of simcloud"):
        Ledger(ledger.path)


@pytest.mark.parametrize("name", [".", "no/such/folder/ledger.db"])
def test_a_ledger_needs_a_place_for_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(LedgerError, match="name a file in a folder that exists"):
        Ledger(tmp_path / name)


def test_the_environment_names_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LedgerError, match=f"set {ENVIRONMENT}"):
        open_ledger()
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "named.db"))
    open_ledger().close()
    assert (tmp_path / "named.db").exists()


COUNT = """
import sys
from simcloud.core.internet import public_address
from simcloud.core.model import Call
from simcloud.ledger import Ledger
ledger = Ledger(sys.argv[1])
for _ in range(25):
    with ledger.transaction() as transaction:
        transaction.count("shared")
        transaction.add(provider="p", region="", type="t", id=str(transaction.count("id")), outputs={},
                        address=public_address(Call("p", "", "", transaction)))
"""


def test_processes_that_start_at_once_share_one_ledger_without_losing_anything(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    command = [sys.executable, "-c", COUNT, str(path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [process.communicate(timeout=50)[1] for process in processes]
    assert errors == [""] * 4
    ledger = Ledger(path)
    with ledger.transaction() as transaction:
        assert transaction.count("shared") == 101
    records = ledger.records()
    assert len({record.address for record in records}) == len({record.id for record in records}) == 100
    ledger.close()
