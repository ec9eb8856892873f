"""The Python language host: the vendor's where there is one, else the stand-in of `toolchain/language_python`.

A stand-in must never win over the vendor's: it lies in a folder of its own, is linked beside the CLI only when the CLI
is the one built here, and is removed as soon as the vendor's host is found.
"""

import json
import os
import shutil
from pathlib import Path

from toolchain import process, stamps
from toolchain.cli import Cli, require_go
from toolchain.errors import SetupError
from toolchain.layout import Layout

HOST = "pulumi-language-python"
EXECUTOR = f"{HOST}-exec"  # the vendor's script that runs a program; copied from the SDK's module, never committed
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"


def vendor_host(layout: Layout, cli: Cli) -> Path | None:
    """The vendor's language host: beside the CLI, on PATH, or in the CLI's plugin cache."""
    if cli.vendor:
        beside = Path(os.path.realpath(cli.path)).with_name(HOST)
        if os.access(beside, os.X_OK):
            return beside
    # A `pulumi` that was refused as too old may have a host of its age beside it.
    folders = [
        folder
        for folder in os.get_exec_path()
        if not Path(folder).resolve().is_relative_to(layout.made)
        and (cli.vendor or shutil.which("pulumi", path=folder) is None)
    ]
    found = shutil.which(HOST, path=os.pathsep.join(folders))
    return Path(found) if found else _cached_host(cli)


def _cached_host(cli: Cli) -> Path | None:
    """The newest host that `pulumi plugin ls` lists. The listing has no paths; the cache's naming is the CLI's own."""
    text = process.capture([str(cli.path), "plugin", "ls", "--json"], env={"PULUMI_SKIP_UPDATE_CHECK": "true"})
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    for plugin in json.loads(text):
        if (plugin.get("kind"), plugin.get("name")) == ("language", "python"):
            path = home / "plugins" / f"language-python-v{plugin['version']}" / HOST
            if os.access(path, os.X_OK):
                return path
    return None


def ensure_standin(layout: Layout, cli: Cli) -> None:
    """Install the stand-in. It is four small files, so it is made again whenever one of its inputs changed."""
    stamp = layout.standin / "stamp"
    ours = [layout.language_host / name for name in (HOST, "host.py")]
    inputs = stamps.digest(*ours, layout.go_module / "go.mod")
    made = [layout.standin / name for name in (HOST, "host.py", EXECUTOR)]
    if not stamps.fresh(stamp, inputs, made):
        layout.standin.mkdir(parents=True, exist_ok=True)
        stamps.write(layout.standin / EXECUTOR, _sdk_executor(layout).read_text(), 0o755)
        for source in ours:
            stamps.write(layout.standin / source.name, source.read_text(), 0o755)
        stamps.write(stamp, inputs)
    beside = layout.bin / HOST
    if not cli.vendor and not beside.exists():
        # Beside the CLI it counts as bundled: found with PULUMI_IGNORE_AMBIENT_PLUGINS too, and without a warning.
        beside.unlink(missing_ok=True)
        beside.symlink_to(Path("..") / layout.standin.name / HOST)


def remove_standin(layout: Layout) -> None:
    (layout.bin / HOST).unlink(missing_ok=True)
    if layout.standin.exists():
        shutil.rmtree(layout.standin)


def _sdk_executor(layout: Layout) -> Path:
    require_go(layout)
    try:
        process.capture(["go", "mod", "download", SDK_MODULE], cwd=layout.go_module)
        folder = process.capture(["go", "list", "-m", "-f", "{{.Dir}}", SDK_MODULE], cwd=layout.go_module).strip()
    except process.Failure as failure:
        raise SetupError(
            f"the Go module with {EXECUTOR} could not be had: {failure}",
            "check that this machine reaches a Go module proxy (`go env GOPROXY`), or put the vendor's "
            f"{HOST} on PATH, then run `make setup` again",
        ) from None
    return Path(folder) / "python" / "cmd" / EXECUTOR
