"""The errors a rehearsal ends with, and the engine's messages that deserve a remedy of ours."""

import re

from ops.errors import OperationError


class RehearsalError(OperationError):
    """A rehearsal cannot go on. The text names the cause and ends with what to do about it."""


# (what the engine prints, what to do about it); the first that matches is shown.
_REMEDIES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"incorrect passphrase|passphrase must be set|message authentication failed"),
        (
            "{directory}/passphrase is not the one this state was encrypted with: put the old file back, or begin again with "
            "`make down STACK={stack}`"
        ),
    ),
    (
        re.compile(r"the stack is currently locked"),
        "another update of this rehearsal is running, or was killed: `make recover STACK={stack}` says which, and goes on",
    ),
    (
        re.compile(r"failed to load checkpoint"),
        "the engine was killed while it wrote beside the state, which is whole: `make recover STACK={stack}` puts that right",
    ),
    (
        re.compile(r"pending operations|pending creates|currently pending"),
        "an earlier update was killed: `make recover STACK={stack}` finds what it had made and puts the state right",
    ),
    (
        re.compile(
            r"no resource plugin '?pulumi-resource-(\S+?)'? found|could not find latest version for provider (\S+)"
        ),
        "a rehearsal uses simulated providers only, and simcloud/bin has none of this name",
    ),
    (
        re.compile(r"failed to load language plugin|no language plugin 'pulumi-language-python'"),
        "the Python language host is missing: run `make setup`",
    ),
    (
        re.compile(
            r"(?:cannot be deleted|because it is protected|to be deleted).*protect|is protected|delete hooks during destroy",
            re.DOTALL,
        ),
        (
            "signing hosts, gateways, their addresses, volumes and keys are kept on purpose. To remove or replace one host, "
            "name it in `let_go` under redoubt:fleet, run `pulumi up`, then make the change; to remove the whole fleet, set "
            "`retire: true`, run `pulumi up`, then `pulumi destroy --run-program`"
        ),
    ),
    (
        re.compile(r"does not satisfy the version range"),
        (
            "the `pulumi` in use is older than requiredPulumiVersion in Pulumi.yaml: update it, or take it off PATH and run "
            "`make setup`"
        ),
    ),
)


def remedy_for(output: str, *, directory: object, stack: str) -> str | None:
    """Our remedy for an engine's failure, or None where its own message has to be enough."""
    for pattern, remedy in _REMEDIES:
        if pattern.search(output):
            return remedy.format(directory=directory, stack=stack)
    return None
