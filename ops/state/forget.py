"""When the passphrase is lost for good: the state goes on without its secret values, under a new passphrase.

It decrypts nothing. What was secret among the outputs comes back with `pulumi refresh`; among the inputs, with the next
`pulumi up`, which sees a change there.
"""

import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.stacks import Stack
from ops.state import passphrase, scratch
from ops.state.backup import RUNBOOK, keep, refuse_older_than_backup
from ops.state.export import Export, is_secret, places, read
from ops.state.manifest import RESTORE
from ops.state.present import present, said
from ops.state.restore import Say, confirm, put, refuse_pending


def forget(stack: Stack, to: Path, *, yes: str | None = None, older_is_right: bool = False, say: Say = print) -> None:
    """Puts the present state back without its secrets, encrypted from now on with the passphrase file that is set.

    Args:
        to: The folder of backups, where the state as it is now is kept first.
        yes: The stack's name, where nobody is there to type it.
        older_is_right: Go on although the state is behind the last backup in that folder.
        say: Takes what to tell the operator.

    Raises:
        OperationError: When the passphrase is not lost, or something stands against it; nothing was changed then.
        Finding: When the state is behind the last backup.
    """
    now = present(stack)
    if now is None or now.provider_type != "passphrase":
        kind = "is not in the backend" if now is None else f"is encrypted by {now.provider_type or 'nothing'!r}"
        raise OperationError(
            f"stack {stack.stack!r} {kind}: this is for a lost passphrase alone\n  remedy: {RUNBOOK}, says what helps"
        )
    for line in passphrase.check_file(stack.environment()):
        say(line)
    _refuse_known(stack, now)
    refuse_pending(stack, now, over_pending=False)
    refuse_older_than_backup(stack, to, state=now, older_is_right=older_is_right)  # no backup has to open for that
    lost = list(places(now))
    say(f"{len(lost)} values cannot be read any more and are given up:")
    for place in lost:
        say(f"  {place}")
    if any(".inputs" in place for place in lost):
        say("  of these, the inputs show as changes at the next `pulumi preview`: look at each before `pulumi up`")
    confirm(stack, yes)
    say(f"kept first: {keep(stack, to, now, RESTORE, checked=False)[0].path}")
    export = _renewed(stack, now)
    scratch.check(stack, export, "the state without its secrets")
    with tempfile.TemporaryDirectory(prefix="redoubt-state-") as folder:  # mode 0700
        file = Path(folder) / "export.json"
        file.write_text(export.text)
        put(stack, file, export)
    say(
        f"done: stack {stack.stack!r} holds {len(export.resources)} resources, under the passphrase of the file that is set"
    )
    say(
        f"Next: take `encryptionsalt` and every `secure:` value out of Pulumi.{stack.stack}.yaml, they are of the old one;"
    )
    say("  `pulumi refresh` reads the outputs anew; `pulumi preview` must then show no replacement")
    say(f"  `{stack.command('state backup', '--to', str(to))}`: the old backups open with the old passphrase alone")


def _refuse_known(stack: Stack, now: Export) -> None:
    try:
        scratch.check(stack, now, f"the state of stack {stack.stack!r}")
    except scratch.WrongPassphrase:
        return
    raise OperationError(
        "the passphrase is not lost: the file that is set decrypts the state\n"
        "  remedy: to change it, `pulumi stack change-secrets-provider passphrase` (docs/state.md)"
    )


def _renewed(stack: Stack, now: Export) -> Export:
    with scratch.scratch(stack) as place:
        place.write_stack_file({})
        done = place.pulumi("stack", "rm", "--yes", "--force")
        if done.returncode == 0:
            done = place.pulumi("stack", "init", "--secrets-provider", "passphrase", "--no-select")
        if done.returncode == 0:
            done = place.pulumi("stack", "export")
        if done.returncode != 0:
            raise OperationError(f"no key could be made:\n{said(done)}\n  remedy: read what the engine says")
        provider = json.loads(done.stdout)["deployment"]["secrets_providers"]
    document = deepcopy(now.document)
    document["deployment"]["secrets_providers"] = provider
    for resource in document["deployment"]["resources"]:
        _drop(resource)
    return read(json.dumps(document, indent=4), "the state without its secrets")


def _drop(value: Any) -> None:
    """Removes what is marked secret; in a list, nothing takes its place, so that the others keep theirs."""
    if isinstance(value, dict):
        for key in [key for key, inner in value.items() if is_secret(inner)]:
            del value[key]
    elif isinstance(value, list):
        value[:] = [None if is_secret(inner) else inner for inner in value]
    else:
        return
    for inner in value.values() if isinstance(value, dict) else value:
        _drop(inner)
