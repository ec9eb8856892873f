"""`python -m ops.retire --stack testnet`: takes a whole fleet down, deliberately and in two updates. Exit code 0: it is gone.

The first update lets go of what is protected, the second removes it; repeated, it goes on with the one that did not end.
That the fleet may go at all stands in its config (`retire: true`), where it is reviewed and undone like any other change;
this command never writes it. `--list` changes nothing: it shows what no destroy takes, host by host.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from fleet.takedown import host_of
from ops import stacks
from ops.errors import OperationError
from ops.recover.locks import holders
from ops.recover.pending import pending
from ops.rehearsal import Rehearsal, stackfile
from ops.rehearsal.progress import Condensed
from ops.stacks import Stack, exported
from ops.state import older
from toolchain.errors import SetupError

Resource = Mapping[str, Any]

OUTLIVES: Final[Mapping[str, str]] = {
    "aws:kms/key:Key": "disabled, and deleted by AWS after its window of 30 days: `aws kms cancel-key-deletion` until then",
    "gcp:kms/cryptoKey:CryptoKey": "its versions are destroyed by GCP after 30 days: `gcloud kms keys versions restore` until "
    "then; the key itself stays for ever and costs nothing",
    "gcp:kms/keyRing:KeyRing": "GCP deletes no key rings; it costs nothing",
}
"""What a destroy leaves in the account for a while or for ever, with the way back (components.aws.keys, components.gcp.keys)."""

LET_GO: Final = ("up", "--yes", "--skip-preview")
REMOVE: Final = ("destroy", "--yes", "--skip-preview", "--run-program")


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m ops.retire", description="Take a whole fleet down for ever: `pulumi up`, then `pulumi destroy`."
    )
    stacks.add_options(result)
    older.add_options(result)
    result.add_argument("--yes", metavar="PROJECT/STACK", help="the name to type otherwise")
    result.add_argument("--list", action="store_true", help="show what is kept on purpose, and change nothing")
    return result


def retired(config: dict[str, Any]) -> None:
    """A rehearsal's config is generated, so nobody can write it there."""
    config["retire"] = True


def chosen(options: argparse.Namespace) -> Stack:
    """The stack to retire.

    Raises:
        OperationError: When there is none, or its config does not say that it may go.
    """
    found = stacks.chosen(options)
    if isinstance(found, Rehearsal):
        return Rehearsal(found.directory, found.stack, found.committed, edit=retired)
    refuse_unless_told(found.directory / f"Pulumi.{found.stack}.yaml")
    return found


def refuse_unless_told(path: Path) -> None:
    """Refuses a fleet whose stack file does not say that it may go.

    Raises:
        OperationError: When it does not, or cannot be read.
    """
    try:
        config = stackfile.load(path).get("config")
    except OSError as error:
        raise OperationError(
            f"{path} cannot be read: {error.strerror}\n  remedy: name a stack that has a stack file there"
        ) from None
    fleet = config.get(stackfile.FLEET) if isinstance(config, dict) else None
    if not isinstance(fleet, dict):
        raise OperationError(
            f"{path} has no {stackfile.FLEET} under config\n  remedy: see another stack file of this repository"
        )
    if fleet.get("retire") is not True:
        raise OperationError(
            f"{path.name} does not say that this fleet may go\n"
            "  remedy: write `retire: true` under redoubt:fleet, have it reviewed, and run this again. What is kept until "
            "then: --list"
        )


def retire(stack: Stack, typed: str | None, *, backups_dir: Path | None = None, older_is_right: bool = False) -> None:
    """Both updates, or the second alone where nothing is kept any more.

    Args:
        stack: The stack.
        typed: Its project and name, where nobody is there to type them.
        backups_dir: Where the last backup is, which the state must not be behind.
        older_is_right: Go on although it is.

    Raises:
        OperationError: When nobody typed the stack's name, another update is unfinished, the state is old, or the engine
            refuses.
    """
    name = f"{stack.project}/{stack.stack}"
    export = exported(stack)
    held = holders(stack)
    if held is not None or pending(export):
        who = f"held by {'; '.join(map(str, held)) or 'somebody'}" if held is not None else "operations are pending"
        raise OperationError(
            f"an update of {name} is not finished: {who}\n  remedy: wait for it; if it is dead, `{stack.command('recover')}`"
        )
    if not _resources(export):
        print(f"the state of {name} is empty: nothing to remove. Is there a fleet all the same: docs/state.md, runbook")
        return
    older.check(stack, backups_dir, older_is_right=older_is_right)
    print(f"to be removed for ever from {name}:\n{_counted(export)}")
    answer = typed or _ask(name)
    if answer != name:
        raise OperationError(
            f"{answer!r} is not {name}; nothing was changed\n  remedy: type the name as it stands above"
        )
    # Where nothing is kept, a destroy may have begun: an `up` would make again what it has removed.
    for arguments in (LET_GO, REMOVE) if kept(export) else (REMOVE,):
        _update(stack, arguments, export)
    if left := _resources(exported(stack)):
        print("\n".join(remaining(left)))
        raise OperationError(
            f"{len(left)} resources are still there, see above\n  remedy: run this again and read what the engine says"
        )
    print("the state is empty")
    print("\n".join(_outliving(_resources(export))))


def kept(export: Mapping[str, Any]) -> list[Resource]:
    """What no destroy takes: protected against the engine, or left in the account when it goes from the state."""
    found = export["deployment"].get("resources") or ()
    return [one for one in found if one.get("protect") or one.get("retainOnDelete")]


def remaining(resources: Iterable[Resource]) -> Iterator[str]:
    """Resources as lines, by host; what belongs to none comes last."""
    hosts: dict[str, list[Resource]] = {}
    for one in resources:
        hosts.setdefault(host_of(_name(one)) or "", []).append(one)
    for host in sorted(hosts, key=lambda host: (not host, host)):
        yield f"  {host or 'of no single host'}"
        yield from sorted(f"    {one['type']} {_name(one)} {one.get('id', '')}".rstrip() for one in hosts[host])


def listed(stack: Stack) -> Iterator[str]:
    """What is kept of a stack on purpose, as lines."""
    export = exported(stack)
    keeps = kept(export)
    urns = {one["urn"] for one in keeps}
    others = sum(one["urn"] not in urns for one in _resources(export))
    yield f"kept on purpose in {stack.project}/{stack.stack}: {len(keeps)} resources; nothing keeps {others} others"
    yield from remaining(keeps)


def _update(stack: Stack, arguments: tuple[str, ...], before: Mapping[str, Any]) -> None:
    """One of the two updates; where it stops, what is there yet is shown."""
    print(f"pulumi {arguments[0]}", flush=True)
    try:
        stack.pulumi(
            *arguments,
            *("--non-interactive", "--suppress-progress", "--suppress-outputs", "--suppress-permalink=true"),
            timeout=None,
            echo=Condensed(),
        )
    except OperationError:
        export = exported(stack)
        print("\n".join(listed(stack)))
        left = {one["urn"]: one for one in _resources(export)}
        if not kept(export):
            print("\n".join(remaining(left.values())))
        print("\n".join(_outliving(one for one in _resources(before) if one["urn"] not in left)))
        raise


def _counted(export: Mapping[str, Any]) -> str:
    """What goes, host by host."""
    resources = _resources(export)
    hosts = sorted({host for host in map(host_of, map(_name, resources)) if host is not None})
    return (
        f"  {len(hosts)} hosts with their disks and addresses: {', '.join(hosts)}\n  {len(resources)} resources in all"
    )


def _resources(export: Mapping[str, Any]) -> list[Resource]:
    found = export["deployment"].get("resources") or ()
    return [one for one in found if one.get("custom") and not one["type"].startswith("pulumi:")]


def _name(resource: Resource) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _outliving(removed: Iterable[Resource]) -> Iterator[str]:
    """What is in the accounts yet, each with what becomes of it."""
    stay = [one for one in removed if one["type"] in OUTLIVES]
    yield f"of what was removed, {len(stay)} resources stay in the accounts{':' if stay else ''}"
    for one in stay:
        yield f"  {one['type'].rpartition(':')[2]} {one['id']}: {OUTLIVES[one['type']]}"


def _ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise OperationError(f"nobody is there to type {name}; nothing was changed\n  remedy: give --yes {name}")
    return input(f"type {name} to go on: ")


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.list:
            print("\n".join(listed(stacks.chosen(options))))
            return 0
        retire(
            chosen(options),
            options.yes,
            backups_dir=older.folder_of(options),
            older_is_right=options.older_is_right,
        )
    except (OperationError, SetupError) as error:
        return stacks.fail(error)
    except KeyboardInterrupt:
        stacks.fail(OperationError("interrupted\n  remedy: run this again: it goes on with what is there"))
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
