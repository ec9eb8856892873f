"""`python -m ops.retire --stack testnet`: takes a whole fleet down, deliberately and in two updates. Exit code 0: it is gone.

The first update lets go of what is protected, the second removes it. That the fleet may go at all stands in its config
(`retire: true`), where it is reviewed and undone like any other change; this command never writes it.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fleet.takedown import host_of
from ops import stacks
from ops.errors import OperationError
from ops.recover.locks import holders
from ops.recover.pending import pending
from ops.rehearsal import Rehearsal, stackfile
from ops.rehearsal.progress import Condensed
from ops.stacks import Stack, exported
from toolchain.errors import SetupError

OUTLIVES: Final[Mapping[str, str]] = {
    "aws:kms/key:Key": "disabled, and deleted by AWS after its window of 30 days: `aws kms cancel-key-deletion` until then",
    "gcp:kms/cryptoKey:CryptoKey": "its versions are destroyed by GCP after 30 days: `gcloud kms keys versions restore` until "
    "then; the key itself stays for ever and costs nothing",
    "gcp:kms/keyRing:KeyRing": "GCP deletes no key rings; it costs nothing",
}
"""What a destroy leaves in the account for a while or for ever, with the way back (components.aws.keys, components.gcp.keys)."""


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.retire", description="Take a whole fleet down for ever: `pulumi up`, then `pulumi destroy`."
    )
    stacks.add_options(result)
    result.add_argument("--yes", metavar="PROJECT/STACK", help="the name to type otherwise")
    return result


def retired(config: dict[str, Any]) -> None:
    """A rehearsal's config is generated, so nobody can write it there."""
    config["retire"] = True


def chosen(options: argparse.Namespace) -> Stack:
    """The stack to retire.

    Raises:
        OperationError: When its config does not say that it may go.
    """
    found = stacks.chosen(options)
    if isinstance(found, Rehearsal):
        return Rehearsal(found.directory, found.stack, found.committed, edit=retired)
    path = found.directory / f"Pulumi.{found.stack}.yaml"
    if not stackfile.load(path)["config"][stackfile.FLEET].get("retire"):
        raise OperationError(
            f"{path.name} does not say that this fleet may go\n"
            "  remedy: write `retire: true` under redoubt:fleet, have it reviewed, and run this again"
        )
    return found


def retire(stack: Stack, typed: str | None) -> None:
    """Both updates.

    Raises:
        OperationError: When nobody typed the stack's name, another update is unfinished, or the engine refuses.
    """
    name = f"{stack.project}/{stack.stack}"
    export = exported(stack)
    held = holders(stack)
    if held is not None or pending(export):
        who = f"held by {'; '.join(map(str, held)) or 'somebody'}" if held is not None else "operations are pending"
        raise OperationError(
            f"an update of {name} is not finished: {who}\n  remedy: wait for it; if it is dead, `{stack.command('recover')}`"
        )
    print(f"to be removed for ever from {name}:\n{_counted(export)}")
    answer = typed or _ask(name)
    if answer != name:
        raise OperationError(
            f"{answer!r} is not {name}; nothing was changed\n  remedy: type the name as it stands above"
        )
    for arguments in (("up", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview", "--run-program")):
        print(f"pulumi {arguments[0]}", flush=True)
        stack.pulumi(
            *arguments,
            *("--non-interactive", "--suppress-progress", "--suppress-outputs", "--suppress-permalink=true"),
            timeout=None,
            echo=Condensed(),
        )
    left = [one for one in exported(stack)["deployment"].get("resources") or () if one.get("custom")]
    if left:
        raise OperationError(
            f"{len(left)} resources are still there, {left[0]['urn']} first\n  remedy: run this again and read what the engine says"
        )
    print("\n".join(_outliving(export)))


def _counted(export: Mapping[str, Any]) -> str:
    """What goes, host by host."""
    resources = _resources(export)
    found = (host_of(one["urn"].rpartition("::")[2]) for one in resources)
    hosts = sorted({host for host in found if host is not None})
    return (
        f"  {len(hosts)} hosts with their disks and addresses: {', '.join(hosts)}\n  {len(resources)} resources in all"
    )


def _resources(export: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = export["deployment"].get("resources") or ()
    return [one for one in found if one.get("custom") and not one["type"].startswith("pulumi:")]


def _outliving(export: Mapping[str, Any]) -> Iterator[str]:
    """What is in the accounts yet, each with what becomes of it."""
    stay = [one for one in _resources(export) if one["type"] in OUTLIVES]
    yield (
        f"the state is empty; {len(stay)} resources stay in the accounts:"
        if stay
        else "the state and the accounts are empty"
    )
    for one in stay:
        yield f"  {one['type'].rpartition(':')[2]} {one['id']}: {OUTLIVES[one['type']]}"


def _ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise OperationError(f"nobody is there to type {name}; nothing was changed\n  remedy: give --yes {name}")
    return input(f"type {name} to go on: ")


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        retire(chosen(options), options.yes)
    except (OperationError, SetupError) as error:
        return stacks.fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
