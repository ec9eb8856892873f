"""A rehearsal: the unchanged program, the real engine and simulated clouds, in a generated folder of its own.

The engine rewrites stack files when a stack is made and deletes them when it is removed. So a rehearsal never points it
at the committed ones: it runs from generated copies, with its own backend, PULUMI_HOME and passphrase.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ops.rehearsal import engine, environment, material, overlay, stackfile
from ops.rehearsal.errors import RehearsalError, remedy_for
from toolchain import stamps, tools
from toolchain.layout import REPOSITORY

DIRECTORY = REPOSITORY.root / "build" / "rehearsal"
PROVIDERS = REPOSITORY.root / "simcloud" / "bin"

STACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")

Edit = Callable[[dict[str, Any]], object]  # changes the fleet in place; what it returns is not looked at
Completed = subprocess.CompletedProcess[str]


class Rehearsal:
    """One stack, rehearsed in `directory`.

    `committed` holds Pulumi.yaml, the stack files and the program; nothing in it is ever written. `edit` may change the
    fleet's config (the value of `redoubt:fleet`) after the overlay: tests break one thing at a time with it.
    Several stacks can share a directory; they then share one simulated cloud account, as real stacks do.
    """

    def __init__(
        self, directory: Path, stack: str, committed: Path = REPOSITORY.root, edit: Edit | None = None
    ) -> None:
        if not STACK_NAME.fullmatch(stack):
            raise RehearsalError(
                f"{stack!r} is no stack name\n  remedy: name one of {', '.join(committed_stacks(committed))}"
            )
        self.directory = Path(os.path.realpath(directory))
        self.committed = Path(os.path.realpath(committed))
        self.stack = stack
        self.changes: list[overlay.Change] = []
        self._edit = edit

    @property
    def stack_file(self) -> Path:
        return self.directory / f"Pulumi.{self.stack}.yaml"

    @property
    def project(self) -> str:
        return str(stackfile.load(self.committed / "Pulumi.yaml")["name"])

    @property
    def state_file(self) -> Path:
        """Where the file backend keeps this stack's state."""
        return self.directory / "state" / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"

    @property
    def cloud(self) -> Path:
        """The simulated account."""
        return self.directory / "cloud.sqlite"

    def prepare(self) -> None:
        """Make or refresh everything but the stack itself. Cheap, and what exists is kept."""
        source = committed_stack_file(self.committed, self.stack)
        tools.read(REPOSITORY)  # fails early, with the remedy, where set-up has not run
        for name in ("", "state", "home", "bin"):
            (self.directory / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        passphrase = self.directory / "passphrase"
        if not passphrase.exists():
            stamps.write(passphrase, secrets.token_urlsafe(32), 0o600)
        self._link_providers()
        stamps.write(self.directory / "Pulumi.yaml", stackfile.dump(self._project_file()))
        stamps.write(self.stack_file, stackfile.dump(self._stack_content(source)))

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        path = (self.directory / "bin", *tools.read(REPOSITORY).path)
        return environment.build(os.environ, self.directory, self.stack, path) | dict(extra or {})

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = 600,
        env: Mapping[str, str] | None = None,
        echo: engine.Echo | None = None,
    ) -> Completed:
        """Run `pulumi *args` on this stack. With `check`, a failure raises RehearsalError with the engine's output."""
        command = [str(tools.read(REPOSITORY).pulumi), *args]
        done = engine.run(command, cwd=self.directory, env=self.environment(env), timeout=timeout, echo=echo)
        if check and done.returncode != 0:
            raise RehearsalError(self._failure(args, done, shown_already=echo is not None))
        return done

    def command(self, module: str, *args: str) -> str:
        """How one of our commands is started on this rehearsal, for messages."""
        where = "" if self.directory == DIRECTORY else f" {self.directory}"
        return " ".join([f"python -m ops.{module} --stack {self.stack} --rehearsal{where}", *args])

    def ensure_stack(self) -> None:
        if not self.state_file.exists():
            self.pulumi("stack", "init", self.stack, "--secrets-provider", "passphrase", "--non-interactive")

    def preview(self, *args: str, **settings: Any) -> Completed:
        """What an update would do. Makes the stack where it is missing, and nothing in the clouds."""
        return self._operation("preview", *args, **settings)

    def up(self, *args: str, **settings: Any) -> Completed:
        return self._operation("up", "--yes", *args, **settings)

    def destroy(self, *args: str, **settings: Any) -> Completed:
        """Pulumi's own destroy, with all that it refuses. To be rid of a rehearsal, see `teardown`."""
        return self._operation("destroy", "--yes", *args, **settings)

    def export(self) -> dict[str, Any]:
        """The stack's state as the engine exports it, secrets encrypted."""
        return json.loads(self.pulumi("stack", "export").stdout)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs in clear, also those that are secret."""
        return json.loads(self.pulumi("stack", "output", "--json", "--show-secrets").stdout)

    def _operation(self, verb: str, *args: str, **settings: Any) -> Completed:
        self.prepare()
        self.ensure_stack()
        color = "always" if settings.get("echo") and sys.stdout.isatty() else "never"
        return self.pulumi(
            verb,
            "--non-interactive",
            "--suppress-progress",
            "--suppress-permalink=true",
            "--color",
            color,
            *args,
            **settings,
        )

    def _link_providers(self) -> None:
        """Links, not the folder itself on PATH: a test may add or break one for its own rehearsal."""
        wanted = {path.name: path for path in PROVIDERS.glob("pulumi-resource-*")}
        for name, target in wanted.items():
            link = self.directory / "bin" / name
            if not link.exists():
                link.unlink(missing_ok=True)
                link.symlink_to(target)

    def _project_file(self) -> dict[str, Any]:
        """The committed project, pointing back at its program and virtual environment."""
        project = stackfile.load(self.committed / "Pulumi.yaml")
        project["main"] = self._from_here(project.get("main", "."))
        runtime = project.get("runtime")
        options = runtime.get("options") if isinstance(runtime, dict) else None
        if isinstance(options, dict) and "virtualenv" in options:
            options["virtualenv"] = self._from_here(options["virtualenv"])
        return project

    def _from_here(self, path: str) -> str:
        return os.path.relpath(self.committed / path, self.directory)

    def _stack_content(self, source: Path) -> dict[str, Any]:
        content = stackfile.load(source)
        for key in stackfile.ENGINE_KEYS:
            content.pop(key, None)
        config = content.setdefault("config", {})
        made = overlay.values(material.ensure(self.directory / "material"), config)
        self.changes = overlay.apply(config, made)
        if self._edit is not None:
            self._edit(config[stackfile.FLEET])
        stackfile.refuse_leftovers(config, source.name)
        content |= self._engine_keys()
        return content

    def _engine_keys(self) -> dict[str, Any]:
        """What the engine wrote into the generated stack file. Lost or cut off, it is found again in the state."""
        try:
            before = stackfile.load(self.stack_file)
        except (FileNotFoundError, RehearsalError):
            return {}
        return {key: before[key] for key in stackfile.ENGINE_KEYS if key in before}

    def _failure(self, args: tuple[str, ...], done: Completed, *, shown_already: bool) -> str:
        output = f"{done.stdout}{done.stderr}"
        text = f"`pulumi {args[0]}` of stack {self.stack!r} failed with status {done.returncode}"
        if not shown_already:
            text += f":\n{output.strip()}"
        remedy = remedy_for(output, directory=self.directory, stack=self.stack)
        return f"{text}\n  remedy: {remedy}" if remedy else text


def committed_stacks(committed: Path) -> list[str]:
    """The stacks that have a committed file."""
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in committed.glob("Pulumi.*.yaml"))


def committed_stack_file(committed: Path, stack: str) -> Path:
    path = committed / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        there = ", ".join(committed_stacks(committed)) or "none yet"
        raise RehearsalError(f"there is no stack file {path.name}; stacks: {there}\n  remedy: name one with STACK=...")
    return path
