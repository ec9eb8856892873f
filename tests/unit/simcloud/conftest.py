"""A simulated account for each test, in which a refusal is not waited out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simcloud.ledger import Ledger
from tests.unit.simcloud.driver import Cloud
from tests.unit.simcloud.samples import World


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.set("retry.seconds", "0")
    yield ledger
    ledger.close()


@pytest.fixture
def cloud(ledger: Ledger) -> Cloud:
    return Cloud(ledger)


@pytest.fixture
def world(cloud: Cloud) -> World:
    return World(cloud)
