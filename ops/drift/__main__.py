"""`python -m ops.drift --stack testnet`. Exit code 0: no drift; 1: there is some; 2: it could not be decided."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from ops import stacks
from ops.drift.judged import judged
from ops.drift.looked import look
from ops.drift.report import plain, printable, show
from ops.errors import OperationError


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.drift",
        description="Say what was changed in the clouds behind the engine's back, what it means, and what to do.",
    )
    stacks.add_options(result)
    result.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON too")
    return result


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        refresh = look(stacks.chosen(options))
    except (OperationError, OSError, subprocess.SubprocessError, ValueError) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        return stacks.fail(OperationError("\n".join(printable(line, 2000) for line in lines)))
    findings = judged(refresh)
    show(options.stack, len(refresh.seen), findings)
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(plain(options.stack, len(refresh.seen), findings), indent=1) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
