"""The arrow of imports is one way, a cloud's SDK stays in that cloud's modules, and modules stay small."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.discovery import PROVIDERS
from tests.support.samples import ROOT

OURS = ("fleet", "cloudinit", "components", "simcloud", "policies", "review", "ops", "toolchain", "bench", "tests")
MAY_IMPORT = {
    "fleet": {"fleet"},
    "cloudinit": {"cloudinit", "fleet"},
    "components": {"components", "cloudinit", "fleet"},
    "simcloud": {"simcloud"},
    "toolchain": {"toolchain"},
    "policies": {"policies", "cloudinit", "fleet"},
    "ops": {"ops", "policies", "toolchain", "simcloud", "fleet", "cloudinit"},
    "__main__.py": {"components", "fleet"},
}
SDK = "pulumi_"
"""How a cloud's SDK begins; its provider's name follows."""
LONGEST_MODULE = 400
LONGEST_MAIN = 100


def modules(*tops: str) -> list[Path]:
    found: list[Path] = []
    for top in tops or (*OURS, "__main__.py"):
        path = ROOT / top
        found += [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))
    return found


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("top", sorted(MAY_IMPORT))
def test_imports_go_one_way(top: str) -> None:
    assert modules(top), f"{top} is gone: mend this test"
    for path in modules(top):
        ours = {name.split(".")[0] for name in imported(path)} & set(OURS)
        assert ours <= MAY_IMPORT[top], f"{path.relative_to(ROOT)} imports {sorted(ours - MAY_IMPORT[top])}"


def test_the_model_and_the_rendering_of_hosts_never_import_pulumi() -> None:
    for path in modules("fleet", "cloudinit"):
        assert not [name for name in imported(path) if name.split(".")[0].startswith("pulumi")], path


def test_a_clouds_sdk_is_imported_in_that_clouds_modules_alone() -> None:
    for path in modules("components", "__main__.py", "ops"):
        for name in imported(path):
            top = name.split(".")[0]
            own = f"components/{top.removeprefix(SDK)}/"
            assert not top.startswith(SDK) or own in str(path), f"{path} imports {name}"


def test_modules_are_short_enough_to_read() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}
    assert long["__main__.py"] < LONGEST_MAIN


def test_every_module_says_what_it_is() -> None:
    for path in modules(*(top for top in OURS if top != "tests")):
        assert path.read_text() == "" or ast.get_docstring(ast.parse(path.read_text())), path


def test_planning_a_fleet_loads_no_sdk() -> None:
    """What a metal-only stack or a review tool pays must not grow with the clouds that we support."""
    code = "import sys, fleet.plan, cloudinit.first_boot; print([m for m in sys.modules if m.startswith('pulumi')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_simulated_account_has_the_zones_that_the_plan_knows() -> None:
    zones = json.loads((ROOT / "simcloud" / "data" / "aws-account.json").read_text())["zones"]
    known = PROVIDERS["aws"]
    assert known.zones is not None
    letters = {region: known.zones.letters(region) for region in known.regions}
    assert letters == {region: zones[region] for region in known.regions}
