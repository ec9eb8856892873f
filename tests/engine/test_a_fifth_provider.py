"""A fifth provider under the engine: the repository's folders with toycloud's files (`tests/toy`) copied over them.

What the program and its plugins run from is that copy; the engine, its tools and the rehearsal are the repository's.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.rehearsal import Rehearsal, stackfile, workspace
from simcloud.ledger import Ledger, Record
from tests.support.samples import ROOT
from tests.toy import fleet_on_toycloud

FOLDERS = ("cloudinit", "components", "fleet", "simcloud")
FILES = ("Pulumi.yaml", "__main__.py")
MACHINE = "toycloud:index/machine:Machine"
FIREWALL = "digitalocean:index/firewall:Firewall"
PASSED_OVER = shutil.ignore_patterns("__pycache__", "fleet_on_toycloud.py")


def repository_with_toycloud(at: Path) -> Path:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, at / name, ignore=PASSED_OVER)
    for name in FILES:
        shutil.copy2(ROOT / name, at / name)
    (at / ".venv").symlink_to(ROOT / ".venv")
    shutil.copytree(ROOT / "tests" / "toy", at, ignore=PASSED_OVER, dirs_exist_ok=True)
    stack = stackfile.load(ROOT / "Pulumi.testnet.yaml")
    stack["config"][stackfile.FLEET] = fleet_on_toycloud.fleet()
    (at / "Pulumi.toys.yaml").write_text(stackfile.dump(stack))
    return at


def account(rehearsal: Rehearsal) -> list[Record]:
    ledger = Ledger(rehearsal.cloud)
    try:
        return ledger.records(stack=rehearsal.stack)
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    repository = repository_with_toycloud(tmp_path_factory.mktemp("toys") / "repository")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "PROVIDERS", repository / "simcloud" / "bin")
        rehearsal = Rehearsal(repository.with_name("rehearsal"), "toys", committed=repository)
        rehearsal.up()
        yield rehearsal


def test_up_makes_the_fifth_providers_machines_as_the_program_exports_them(toys: Rehearsal) -> None:
    hosts = {name: host for name, host in toys.outputs()["hosts"].items() if name.startswith("s2-")}
    assert {"s2-gateway-1", "s2-sentry-2", "s2-validator-1", "s2-cosigner-1", "s2-monitor-1"} < hosts.keys()
    machines = {one.name: one for one in account(toys) if one.type == MACHINE}
    assert machines.keys() == hosts.keys()
    for name, machine in machines.items():
        assert (machine.provider, machine.region) == ("toycloud", "nursery-1")
        assert machine.inputs["privateAddress"] == hosts[name]["private_address"]
        assert machine.inputs.get("publicAddress") == hosts[name].get("public_address")
        assert machine.inputs["rules"], "its firewall"


def test_another_clouds_firewalls_name_the_fifth_providers_public_addresses(toys: Rehearsal) -> None:
    gateway = toys.outputs()["hosts"]["s2-gateway-1"]
    firewalls = [one.inputs for one in account(toys) if one.type == FIREWALL]
    peers = {
        peer for firewall in firewalls for rule in firewall["inboundRules"] for peer in rule.get("sourceAddresses", [])
    }
    assert f"{gateway['public_address']}/32" in peers


def test_a_second_up_changes_nothing_even_after_a_refresh(toys: Rehearsal) -> None:
    before = [(one.type, one.name, one.id) for one in account(toys)]
    toys.up("--refresh", "--expect-no-changes")
    assert [(one.type, one.name, one.id) for one in account(toys)] == before
