"""When the CLI is built, when it is not, and what is said where it cannot be."""

import shutil

import pytest

from toolchain import cli
from toolchain.errors import SetupError

GO = """
case "$1 $2" in
"env GOVERSION") echo go1.26.8 ;;
"env -json") echo "{\\"GOMODCACHE\\": \\"$PWD/modules\\", \\"GOCACHE\\": \\"$PWD/cache\\"}" ;;
"list "*) echo github.com/pulumi/pulumi/pkg/v3 ;;
"build "*) while [ "$1" != -o ]; do shift; done; echo built > "$2" ;;
esac
"""


def builds(commands):
    return sum(line.startswith("go build") for line in commands.started())


@pytest.fixture
def go(commands):
    return commands.add("go", GO)


def test_a_recent_cli_of_the_vendor_is_used_and_nothing_is_built(layout, console, commands, go):
    path = commands.add("pulumi", "echo v3.300.1")
    assert cli.ensure_cli(layout, console) == cli.Cli(path, "v3.300.1", vendor=True)
    assert builds(commands) == 0


@pytest.mark.parametrize("script", ["echo v3.258.9", "exit 1", "echo devel"])
def test_an_old_or_broken_cli_of_the_vendor_is_named_and_ours_is_built(layout, console, commands, go, script):
    commands.add("pulumi", script)
    found = cli.ensure_cli(layout, console)
    assert found == cli.Cli(layout.bin / "pulumi", "v3.259.0", vendor=False)
    assert found.path.read_text() == "built\n"
    assert any("older than v3.259.0" in line for line in console.said)


def test_our_own_cli_on_path_does_not_count_as_the_vendors(layout, console, commands, go, monkeypatch):
    commands.add("pulumi", "echo v3.300.1", layout.bin)
    monkeypatch.setenv("PATH", f"{layout.bin}:{commands.folder}")
    assert not cli.ensure_cli(layout, console).vendor


def test_the_build_runs_once(layout, console, commands, go):
    cli.ensure_cli(layout, console)
    cli.ensure_cli(layout, console)
    assert builds(commands) == 1


@pytest.mark.parametrize("name", ["go.sum", "go.mod", "tools.go"])
def test_a_changed_input_builds_again(layout, console, commands, go, name):
    cli.ensure_cli(layout, console)
    with (layout.go_module / name).open("a") as file:
        file.write("// changed\n")
    cli.ensure_cli(layout, console)
    assert builds(commands) == 2


def test_the_build_is_stamped_with_the_release_it_is_made_from(layout, console, commands, go):
    cli.ensure_cli(layout, console)
    (build,) = (line for line in commands.started() if line.startswith("go build"))
    assert "version.Version=v3.259.0" in build
    assert "-tags osusergo,grpcnotrace -trimpath" in build
    assert f"-o {layout.bin}/.pulumi." in build, "under another name until it is whole"


def test_an_interrupted_build_leaves_the_old_cli_and_is_done_again(layout, console, commands, go):
    cli.ensure_cli(layout, console)
    (layout.go_module / "go.sum").write_text("new sums\n")
    (layout.bin / ".pulumi.4711").write_text("half of a CLI")
    commands.add("go", GO.replace('echo built > "$2"', 'echo half > "$2"; echo "compiler died"; exit 2'))
    with pytest.raises(SetupError, match="compiler died"):
        cli.ensure_cli(layout, console)
    assert (layout.bin / "pulumi").read_text() == "built\n"
    assert [path.name for path in layout.bin.iterdir()] == ["pulumi"]
    commands.add("go", GO)
    cli.ensure_cli(layout, console)
    assert builds(commands) == 3


def test_without_go_the_remedy_names_both_ways(layout, console, commands):
    with pytest.raises(SetupError, match=r"neither a recent `pulumi` nor `go`") as caught:
        cli.ensure_cli(layout, console)
    assert "install Go 1.25.11 or newer" in caught.value.remedy
    assert "vendor's CLI" in caught.value.remedy


@pytest.mark.parametrize(
    "answer",
    ["echo go1.24.9", "echo 'go: go.mod requires go >= 1.25.11 (running go 1.24.9; GOTOOLCHAIN=local)' >&2; exit 1"],
)
def test_an_old_go_is_refused_with_the_version_that_is_needed(layout, console, commands, answer):
    commands.add("go", answer)
    with pytest.raises(SetupError, match=r"1\.24\.9") as caught:
        cli.ensure_cli(layout, console)
    assert "install Go 1.25.11 or newer" in caught.value.remedy


def test_modules_that_cannot_be_downloaded_are_told_from_a_failing_build(layout, console, commands):
    failing = 'echo "dial tcp: lookup proxy: no such host" >&2; exit 1'
    commands.add("go", GO.replace("echo github.com/pulumi/pulumi/pkg/v3", failing))
    with pytest.raises(SetupError, match="no such host") as caught:
        cli.ensure_cli(layout, console)
    assert "go env GOPROXY" in caught.value.remedy
    assert builds(commands) == 0


def test_a_full_disk_is_refused_before_the_build(layout, console, commands, go, monkeypatch):
    usage = shutil.disk_usage(layout.root)._replace(free=3 * cli.GIB)
    monkeypatch.setattr(cli.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(SetupError, match=r"needs 4 GiB at .*, and 3\.0 GiB are free") as caught:
        cli.ensure_cli(layout, console)
    assert "GOMODCACHE" in caught.value.remedy
    assert builds(commands) == 0


def test_downloaded_modules_need_no_space_again(layout, console, commands, go, monkeypatch):
    archive = layout.go_module / "modules/cache/download/github.com/pulumi/pulumi/pkg/v3/@v/v3.259.0.zip"
    archive.parent.mkdir(parents=True)
    archive.touch()
    usage = shutil.disk_usage(layout.root)._replace(free=3 * cli.GIB)
    monkeypatch.setattr(cli.shutil, "disk_usage", lambda _: usage)
    cli.ensure_cli(layout, console)
    assert builds(commands) == 1


def test_a_disk_that_fills_during_the_build_gets_the_disks_remedy(layout, console, commands):
    commands.add("go", GO.replace('echo built > "$2"', 'echo "write /x: no space left on device"; exit 1'))
    with pytest.raises(SetupError, match="no space left") as caught:
        cli.ensure_cli(layout, console)
    assert caught.value.remedy == cli.DISK_REMEDY
