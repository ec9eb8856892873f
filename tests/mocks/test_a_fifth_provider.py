"""A fifth provider is its own modules and nothing else: toycloud (`tests/toy`) is planned, built and proved with them."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from fleet.discovery import PROVIDERS
from ops.rehearsal import environment
from tests.support.samples import ROOT

TOY = ROOT / "tests" / "toy"


def python(*arguments: str) -> str:
    command = [sys.executable, "-P", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def toys(which: str) -> dict[str, Any]:
    return json.loads(python("-m", "tests.toy.fleet_on_toycloud", which))


def test_every_claim_holds_for_a_fleet_with_a_site_on_a_fifth_provider() -> None:
    found = toys("with")
    assert found["failures"] == []
    assert found["holds"]
    assert set(found["outcomes"].values()) == {"proved"}
    assert found["outcomes"].keys() >= set("abcdefg")


def test_the_fifth_providers_site_was_built_by_its_own_components() -> None:
    found = toys("with")["resources"]
    machines = [one for one in found if ":Machine " in one]
    assert len(machines) == len(toys("with")["addresses"])
    assert "toycloud:index/address:Address s2-gateway-1" in found


def test_the_plan_and_the_host_files_follow_its_facts() -> None:
    found = toys("with")
    assert found["addresses"]["s2-cosigner-1"] == "10.2.8.140"
    assert found["account"] == "play-7"
    assert "not decided: Toycloud: whether toys has toys left" in found["notes"]
    assert "169.254.1.1/32" in found["ruleset"], "its clock"
    assert f"ip daddr {found['gateway']} udp" in found["ruleset"], "its machines own their public address"


def test_nothing_but_its_own_files_was_needed() -> None:
    """The process took toycloud from these files alone, and no other file of the repository knows of it."""
    files = (path.relative_to(TOY) for path in TOY.rglob("*.py") if path.name != "fleet_on_toycloud.py")
    written = sorted(str(path) for path in files if path.parts[0] != "simcloud")  # which the engine's test runs
    assert toys("with")["files"] == written
    tracked = [path for top in ("fleet", "cloudinit", "components", "ops", "simcloud") for path in modules(top)]
    assert not [path for path in (*tracked, ROOT / "__main__.py") if "toycloud" in path.read_text()]


def test_only_the_sdks_of_the_sites_that_there_are_were_imported() -> None:
    assert toys("with")["sdks"] == ["pulumi_digitalocean", "pulumi_toycloud"]


def test_without_its_modules_the_same_config_is_refused_with_the_providers_that_are_known() -> None:
    refused = toys("without")["refused"]
    assert "sites[toys]: names a provider that is not known" in refused
    assert all(f"'{name}'" in refused for name in (*PROVIDERS, "baremetal"))
    assert "toycloud" not in refused


def modules(top: str) -> list[Path]:
    return sorted((ROOT / top).rglob("*.py"))


def named(path: Path) -> Iterator[str]:
    """The providers that stand in a module as a word of their own, in code."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and node.value in PROVIDERS:
            yield str(node.value)


@pytest.mark.parametrize("top", ["fleet", "cloudinit", "components", "ops"])
def test_a_provider_is_named_in_its_own_modules_alone(top: str) -> None:
    for path in modules(top):
        for name in named(path):
            place = path.relative_to(ROOT)
            assert name in place.parts or name == place.stem, f"{place} names {name}: ask the provider's facts instead"


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_provider_is_complete(name: str) -> None:
    assert find_spec(f"components.{name}.site") is not None
    assert callable(import_module(f"fleet.proofs.reading.{name}").interfaces)
    assert callable(import_module(f"ops.recording.answers.{name}").Answers)
    assert find_spec(f"simcloud.{name}.__main__") is not None
    assert os.access(ROOT / "simcloud" / "bin" / f"pulumi-resource-{name}", os.X_OK)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_rehearsal_takes_a_providers_credentials_away(name: str) -> None:
    prefixes = PROVIDERS[name].environment
    assert prefixes
    assert all(environment.is_stripped(f"{prefix}TOKEN") for prefix in prefixes)
