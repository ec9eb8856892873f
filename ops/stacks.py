"""The stack that an operator's command works on: the real one, with the operator's own login, or a rehearsal of it."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from ops.errors import OperationError
from ops.rehearsal import DIRECTORY, Rehearsal, engine
from ops.rehearsal.workspace import STACK_NAME, committed_stacks
from toolchain.layout import REPOSITORY

Completed = subprocess.CompletedProcess[str]


class Stack(Protocol):
    """What a command needs of a stack, whether it is real or rehearsed."""

    @property
    def stack(self) -> str:
        """The stack's name."""
        ...

    @property
    def directory(self) -> Path:
        """Where the CLI runs: the folder of Pulumi.yaml and of the stack file."""
        ...

    @property
    def project(self) -> str:
        """The project's name, as in Pulumi.yaml."""
        ...

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The CLI's environment, with backend, passphrase file and the stack's name in it."""
        ...

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = 600,
        env: Mapping[str, str] | None = None,
        echo: engine.Echo | None = None,
    ) -> Completed:
        """Run `pulumi *args` on the stack. With `check` a failure raises OperationError with what it printed."""
        ...

    def command(self, module: str, *args: str) -> str:
        """How the operator starts another of our commands on the same stack, for messages."""
        ...


class OwnStack:
    """A stack of the operator's own: their `pulumi`, backend, secrets provider and cloud logins, from the environment."""

    def __init__(self, stack: str, directory: Path = REPOSITORY.root) -> None:
        if not STACK_NAME.fullmatch(stack):
            raise OperationError(f"{stack!r} is no stack name\n  remedy: name it as in Pulumi.<name>.yaml")
        self.stack = stack
        self.directory = directory

    @property
    def project(self) -> str:
        text = (self.directory / "Pulumi.yaml").read_text()
        found = re.search(r"(?m)^name:\s*(\S+)", text)
        if found is None:
            raise OperationError(f"{self.directory / 'Pulumi.yaml'} names no project\n  remedy: put `name:` back in")
        return found[1]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        own = {
            "PULUMI_STACK": self.stack,
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",  # no simulated provider is taken for the real one
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        return {**os.environ, **own, **(extra or {})}

    def pulumi(
        self,
        *args: str,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        echo: engine.Echo | None = None,
    ) -> Completed:
        program = shutil.which("pulumi")
        if program is None:
            raise OperationError(
                "pulumi is not on PATH\n  remedy: install it, or add --rehearsal for the rehearsed stack"
            )
        done = engine.run([program, *args], cwd=self.directory, env=self.environment(env), timeout=timeout, echo=echo)
        if check and done.returncode != 0:
            said = "" if echo is not None else f":\n{f'{done.stdout}{done.stderr}'.strip()}"
            text = f"`pulumi {args[0]}` of stack {self.stack!r} failed with status {done.returncode}{said}"
            raise OperationError(f"{text}\n  remedy: read what the engine says above, mend it, and run this again")
        return done

    def command(self, module: str, *args: str) -> str:
        return " ".join([f"python -m ops.{module} --stack {self.stack}", *args])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what every command that works on a stack takes."""
    parser.add_argument("--stack", required=True, help="the stack to work on")
    parser.add_argument(
        "--rehearsal",
        nargs="?",
        type=Path,
        const=DIRECTORY,
        metavar="DIRECTORY",
        help="work on the rehearsal of the stack (in DIRECTORY, default build/rehearsal), not on the real one",
    )


def chosen(options: argparse.Namespace) -> Stack:
    """The stack that the command line names.

    Raises:
        OperationError: When there is no such stack.
    """
    if options.rehearsal is None:
        own = OwnStack(options.stack)
        path = own.directory / f"Pulumi.{own.stack}.yaml"
        if not path.is_file():
            there = ", ".join(committed_stacks(own.directory)) or "none yet"
            raise OperationError(
                f"there is no {path.name}; stacks: {there}\n  remedy: name one with --stack; the rehearsed one with --rehearsal"
            )
        return own
    rehearsal = Rehearsal(options.rehearsal, options.stack)
    rehearsal.prepare()
    if not rehearsal.state_file.exists():
        remedy = f"make it: `make up STACK={rehearsal.stack}`"
        raise OperationError(f"stack {rehearsal.stack!r} is not rehearsed in {rehearsal.directory}\n  remedy: {remedy}")
    return rehearsal


def exported(stack: Stack) -> dict[str, Any]:
    """The stack's state as the engine exports it, secrets encrypted. Takes no lock and changes nothing."""
    return json.loads(stack.pulumi("stack", "export").stdout)


def fail(error: Exception) -> int:
    """Says why a command could not be done; the exit status to end with."""
    print(f"error: {error}", file=sys.stderr)
    return 2
