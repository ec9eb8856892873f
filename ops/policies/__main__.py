"""`python -m ops.policies --stack testnet`: what `make policies` runs, the pack over a stack's state.

Exit code 0: nothing is violated; 1: something is, or could not be judged; 2: refused.
"""

import argparse
import sys
from collections.abc import Sequence

from ops import stacks
from ops.errors import OperationError
from ops.policies import config, events
from ops.policies.events import PolicyEvent
from policies.catalogue import ALL
from toolchain.errors import SetupError


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.policies",
        description="Judge a stack's state by the policy pack: what is there, not what a preview would change.",
    )
    stacks.add_options(result)
    return result


def resources(stack: stacks.Stack) -> int:
    """How many resources the state has.

    Raises:
        OperationError: When it has none: that nothing is violated would say nothing then.
    """
    count = len(stacks.exported(stack)["deployment"].get("resources") or ())
    if not count:
        raise OperationError(
            f"the state of {stack.stack} is empty: there is nothing to judge\n"
            "  remedy: run `pulumi up` first; a preview judges what an update would make"
        )
    return count


def judged(stack: stacks.Stack) -> list[PolicyEvent]:
    """What the pack says about the state.

    Raises:
        OperationError: When the engine could not judge it.
    """
    done = stack.pulumi(
        *("policy", "analyze", "--stack", stack.stack, "--json", "--non-interactive"),
        *config.arguments(stack.stack),
        check=False,
    )
    found = list(events.read(done.stdout.splitlines()))
    if done.returncode != 0 and not any(one.result == "violation" for one in found):
        said = done.stderr.strip() or done.stdout.strip()
        raise OperationError(f"the state was not judged:\n{said[-2000:]}\n  remedy: mend that, then run this again")
    return found


def show(stack: str, count: int, found: Sequence[PolicyEvent]) -> None:
    """Prints what was found in so many resources, the gravest first."""
    for result, heading in (("violation", "violated"), ("deferred", "not judged"), ("advisory", "to know")):
        of_kind = [one for one in found if one.result == result]
        if of_kind:
            print(f"{heading}:")
        for one in of_kind:
            print(f"  {one.rule}: {one.text}".replace("\n", "\n    "))
    counts = {kind: sum(one.result == kind for one in found) for kind in ("violation", "deferred", "advisory")}
    print(
        f"stack {stack}: {len(ALL)} rules over {count} resources, {counts['violation']} violations, {counts['deferred']} not judged, "
        f"{counts['advisory']} to know"
    )


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        stack = stacks.chosen(options)
        count = resources(stack)
        found = judged(stack)
    except (OperationError, SetupError) as error:
        return stacks.fail(error)
    show(stack.stack, count, found)
    return 1 if any(one.result != "advisory" for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
