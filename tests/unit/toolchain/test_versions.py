import tomllib
from urllib.parse import urlsplit

import pytest
import yaml

from toolchain import versions
from toolchain.layout import REPOSITORY


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("uv 0.13.9 (abcdef 2026-11-01)", (0, 13, 9)),
        ("go1.26.8", (1, 26, 8)),
        ("go1.27", (1, 27, 0)),
        ("v3.260.0-alpha.1+dirty", (3, 260, 0)),
        ("devel", None),
        ("", None),
    ],
)
def test_a_version_is_read_from_what_a_tool_prints(text, version):
    assert versions.parse(text) == version


def test_the_program_asks_for_no_older_cli_than_the_one_we_build():
    required = yaml.safe_load((REPOSITORY.root / "Pulumi.yaml").read_text())["requiredPulumiVersion"]
    assert required == f">={versions.cli_version(REPOSITORY.go_module).removeprefix('v')}"


def test_cli_and_sdk_modules_have_one_version():
    text = (REPOSITORY.go_module / "go.mod").read_text()
    version = versions.cli_version(REPOSITORY.go_module)
    assert f"github.com/pulumi/pulumi/sdk/v3 {version}\n" in text


def test_python_minimum_is_that_of_the_project():
    project = tomllib.loads((REPOSITORY.root / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={'.'.join(map(str, versions.PYTHON_MINIMUM))}"


def test_the_pinned_uv_is_one_we_would_accept():
    pinned = versions.parse(REPOSITORY.uv_requirements.read_text().partition("uv==")[2])
    assert pinned is not None
    assert pinned >= versions.UV_MINIMUM


def test_go_mod_without_the_cli_is_an_error(tmp_path):
    (tmp_path / "go.mod").write_text("go 1.25.11\n")
    with pytest.raises(ValueError, match="no line matches"):
        versions.cli_version(tmp_path)


def test_the_lock_names_no_index_but_the_public_default():
    lock = tomllib.loads((REPOSITORY.root / "uv.lock").read_text())
    sources = {key: value for package in lock["package"] for key, value in package["source"].items()}
    registries = {package["source"]["registry"] for package in lock["package"] if "registry" in package["source"]}
    assert sources.keys() == {"registry", "virtual"}
    assert len(registries) == 1, "a mirror or a second index got into the lock"
    index = urlsplit(registries.pop())
    assert (index.scheme, index.port, index.username) == ("https", None, None)
    assert index.hostname is not None
    assert index.hostname.endswith(".org"), "the index of everyone, not a company's"


def test_uv_is_installed_by_hash_only():
    lines = REPOSITORY.uv_requirements.read_text().splitlines()
    assert sum("--hash=sha256:" in line for line in lines) > 10
