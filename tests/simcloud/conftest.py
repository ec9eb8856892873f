"""A simulated account for each test, in which a refusal is not waited out."""

from collections.abc import Iterator

import pytest

from simcloud.ledger import Ledger
from tests.simcloud.driver import Cloud, Package, World
from tests.simcloud.samples import AWS

TABLES = ("records", "counters", "settings", "faults", "sqlite_sequence")


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One file for all tests: making and opening one takes longer than most of them."""
    ledger = Ledger(tmp_path_factory.mktemp("simcloud") / "ledger.db")
    yield ledger
    ledger.close()


@pytest.fixture
def ledger(ledger_file: Ledger) -> Ledger:
    """The file as a new one is: nothing in it, and everything counted from the beginning."""
    with ledger_file.transaction() as transaction:
        for table in TABLES:
            transaction.connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- names from above
        transaction.set("retry.seconds", "0")
    return ledger_file


@pytest.fixture
def package(request: pytest.FixtureRequest) -> Package:
    """The provider under test: the one that the module of the test names as `PACKAGE`, else AWS's."""
    return getattr(request.module, "PACKAGE", AWS)


@pytest.fixture
def cloud(ledger: Ledger, package: Package) -> Cloud:
    return Cloud(ledger, package)


@pytest.fixture
def world(cloud: Cloud) -> World:
    return World(cloud)
