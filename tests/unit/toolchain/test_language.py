"""Where a language host of the vendor's counts as found, and when the stand-in comes and goes."""

import os

import pytest

from toolchain import language
from toolchain.cli import Cli
from toolchain.errors import SetupError

NO_PLUGINS = 'case "$1" in plugin) echo "[]" ;; *) echo v3.300.0 ;; esac'


@pytest.fixture
def sdk(tmp_path, commands):
    """A `go` that knows where the SDK's module lies."""
    folder = tmp_path / "sdk"
    executor = folder / "python" / "cmd" / language.EXECUTOR
    executor.parent.mkdir(parents=True)
    executor.write_text("print('executor')\n")
    commands.add("go", f'case "$1" in env) echo go1.26.8 ;; list) echo "{folder}" ;; esac')
    return executor


@pytest.fixture
def vendor(tmp_path, commands):
    """The vendor's CLI, in a folder of its own that is first on PATH, without a host."""
    return Cli(commands.add("pulumi", NO_PLUGINS, tmp_path / "vendor"), "v3.300.0", vendor=True)


@pytest.fixture
def ours(layout, commands):
    return Cli(commands.add("pulumi", NO_PLUGINS, layout.bin), "v3.259.0", vendor=False)


def test_no_host_anywhere(layout, vendor):
    assert language.vendor_host(layout, vendor) is None


def test_a_host_beside_the_vendors_cli_is_found_through_a_link(layout, commands, vendor):
    host = commands.add(language.HOST, "", vendor.path.parent)
    link = commands.folder / "pulumi"
    link.symlink_to(vendor.path)
    assert language.vendor_host(layout, Cli(link, "v3.300.0", vendor=True)) == host


def test_a_host_on_path_is_found(layout, commands, vendor):
    host = commands.add(language.HOST, "")
    assert language.vendor_host(layout, vendor) == host


def test_a_host_in_the_plugin_cache_is_found(layout, commands, tmp_path):
    listing = '[{"name": "aws", "kind": "resource", "version": "7.0.0"}, '
    listing += '{"name": "python", "kind": "language", "version": "3.300.0"}]'
    cli = Cli(commands.add("pulumi", f"echo '{listing}'"), "v3.300.0", vendor=True)
    assert language.vendor_host(layout, cli) is None, "listed, but its file is not there"
    host = commands.add(language.HOST, "", tmp_path / "pulumi-home/plugins/language-python-v3.300.0")
    assert language.vendor_host(layout, cli) == host


def test_our_stand_in_on_path_does_not_count_as_the_vendors(layout, commands, ours, monkeypatch):
    commands.add(language.HOST, "", layout.standin)
    monkeypatch.setenv("PATH", f"{layout.standin}:{commands.folder}")
    assert language.vendor_host(layout, ours) is None


def test_the_host_of_a_cli_that_was_too_old_does_not_count(layout, commands, ours):
    commands.add("pulumi", "echo v3.1.0")
    commands.add(language.HOST, "")
    assert language.vendor_host(layout, ours) is None


def test_the_stand_in_is_complete_executable_and_beside_our_cli(layout, ours, sdk):
    language.ensure_standin(layout, ours)
    for name in (language.HOST, language.EXECUTOR):
        assert os.access(layout.standin / name, os.X_OK)
    assert (layout.standin / language.EXECUTOR).read_text() == sdk.read_text()
    link = layout.bin / language.HOST
    assert link.resolve() == (layout.standin / language.HOST).resolve()


def test_the_stand_in_is_not_put_beside_the_vendors_cli(layout, vendor, sdk):
    language.ensure_standin(layout, vendor)
    assert not (layout.bin / language.HOST).exists()
    assert not vendor.path.with_name(language.HOST).exists()


def test_the_stand_in_is_installed_once_and_again_when_it_changed(layout, ours, sdk, commands):
    language.ensure_standin(layout, ours)
    before = commands.started()
    language.ensure_standin(layout, ours)
    assert commands.started() == before
    (layout.language_host / "host.py").write_text("# changed\n")
    language.ensure_standin(layout, ours)
    assert (layout.standin / "host.py").read_text() == "# changed\n"


def test_a_half_installed_stand_in_is_installed_again(layout, ours, sdk):
    language.ensure_standin(layout, ours)
    (layout.standin / language.EXECUTOR).unlink()
    language.ensure_standin(layout, ours)
    assert (layout.standin / language.EXECUTOR).exists()


def test_the_stand_in_goes_without_a_trace(layout, ours, sdk):
    language.ensure_standin(layout, ours)
    language.remove_standin(layout)
    language.remove_standin(layout)
    assert not layout.standin.exists()
    assert not os.path.lexists(layout.bin / language.HOST)


def test_without_the_sdks_module_the_remedy_names_both_ways(layout, ours, commands):
    commands.add("go", 'case "$1" in env) echo go1.26.8 ;; *) echo "no such host" >&2; exit 1 ;; esac')
    with pytest.raises(SetupError, match="no such host") as caught:
        language.ensure_standin(layout, ours)
    assert "GOPROXY" in caught.value.remedy
    assert language.HOST in caught.value.remedy
    assert not (layout.standin / "stamp").exists()
