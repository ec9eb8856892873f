"""The provider has no token among its inputs: it reads it from the environment, so that no state holds it."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

CREDENTIALS: Final = ("token", "spacesAccessId", "spacesSecretKey")


def _check(provider: Seen) -> Iterator[str]:
    for name in CREDENTIALS:
        if provider.get(name):
            yield f"{name} is an input and so in the state"


RULE: Final = Rule(
    id="digitalocean-provider-token",
    title="The provider's credentials come from the environment.",
    why="A token opens the whole account: whoever reads the state or a backup of it can delete or copy every host.",
    remedy="take it out of the Provider's arguments and set DIGITALOCEAN_TOKEN where Pulumi runs",
    severity=Severity.CRITICAL,
    tags=("secrets", "identity"),
    types=frozenset({"pulumi:providers:digitalocean"}),
    check=_check,
)
