"""A default provider uses whatever login the machine has, in whatever region its environment says."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(resource: Seen) -> Iterator[str]:
    _, _, type_and_name = (resource.provider or "").partition("::pulumi:providers:")
    package, _, name = type_and_name.partition("::")
    if name.startswith("default") and package != "pulumi":
        yield "it is made by the default provider"


RULE: Final = Rule(
    id="fleet-provider",
    title="Every resource is made by the provider of its own site.",
    why="The default provider takes the account and region of the shell it runs in: a host lands where nobody looks.",
    remedy="pass the provider of the site in its options",
    severity=Severity.HIGH,
    tags=("hygiene",),
    types=None,
    check=_check,
)
