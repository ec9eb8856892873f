"""`python -m ops.rehearsal up|preview|down|env`: what `make up`, `make preview` and `make down` run."""

import argparse
import os
import shlex
import sys
import time
from pathlib import Path

from ops.errors import OperationError
from ops.rehearsal import environment, overlay, teardown
from ops.rehearsal.errors import RehearsalError
from ops.rehearsal.progress import Condensed, Waiting
from ops.rehearsal.workspace import DIRECTORY, Rehearsal
from toolchain.errors import SetupError

MODES = ("ledger",)  # of design section 9; `machines` is not there yet


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.rehearsal",
        description="Rehearse a stack on simulated clouds, from generated files, without a credential.",
        epilog="What follows `--` is handed to pulumi, for example: preview --stack mainnet -- --diff",
    )
    result.add_argument("command", choices=sorted(COMMANDS))
    result.add_argument("--stack", default="testnet", help="the stack to rehearse (default: %(default)s)")
    result.add_argument("--mode", default="ledger", choices=("ledger", "machines"), help="how real the hosts are")
    result.add_argument("--directory", type=Path, default=DIRECTORY, help="where it is kept (default: build/rehearsal)")
    return result


def up(rehearsal: Rehearsal, arguments: list[str]) -> None:
    started = time.monotonic()
    _announce(rehearsal)
    rehearsal.up("--suppress-outputs", *arguments, echo=Condensed(), timeout=None)  # the summary below is for reading
    summary = rehearsal.outputs().get("summary")
    if summary:
        print(f"\n{summary}")
    print(f"\nup in {time.monotonic() - started:.1f} s; `make down STACK={rehearsal.stack}` removes it")


def preview(rehearsal: Rehearsal, arguments: list[str]) -> None:
    from ops.policies import config, deferrals  # all rules and their server: 0.3 s that the others need not pay

    _announce(rehearsal)
    echo = Waiting(frozenset(one.rule for one in deferrals.expected()))
    rehearsal.preview(*config.arguments(rehearsal.stack), *arguments, echo=echo, timeout=None)


def down(rehearsal: Rehearsal, arguments: list[str]) -> None:
    if arguments:
        raise RehearsalError("`down` starts no pulumi\n  remedy: leave out what follows `--`")
    print("\n".join(teardown.down(rehearsal)))


def env(rehearsal: Rehearsal, arguments: list[str]) -> None:
    """Shell lines that make plain `pulumi` work on this rehearsal: eval "$(python -m ops.rehearsal env)"."""
    if arguments:
        raise RehearsalError("`env` starts no pulumi\n  remedy: leave out what follows `--`")
    rehearsal.prepare()
    wanted = rehearsal.environment()
    for name in sorted(name for name in os.environ if environment.is_stripped(name) and name not in wanted):
        print(f"unset {name}")
    for name in sorted(name for name in wanted if os.environ.get(name) != wanted[name]):
        print(f"export {name}={shlex.quote(wanted[name])}")
    print(f"cd {shlex.quote(str(rehearsal.directory))}")


def _announce(rehearsal: Rehearsal) -> None:
    rehearsal.prepare()
    print(overlay.describe(rehearsal.changes, rehearsal.stack_file.name))
    print(f"rehearsal of stack {rehearsal.stack} in {rehearsal.directory}", flush=True)


COMMANDS = {"up": up, "preview": preview, "down": down, "env": env}


def main(arguments: list[str]) -> int:
    own, handed_on = _split(arguments)
    options = parser().parse_args(own)
    if options.mode not in MODES:
        print(f"error: mode {options.mode!r} is not there yet\n  remedy: use MODE=ledger", file=sys.stderr)
        return 2
    try:
        COMMANDS[options.command](Rehearsal(options.directory, options.stack), handed_on)
    except (OperationError, SetupError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted\n  remedy: run it again to go on, or `make down` to remove it", file=sys.stderr)
        return 130
    return 0


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Before and after the first `--`."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:place], arguments[place + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
