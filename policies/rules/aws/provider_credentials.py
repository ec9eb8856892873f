"""A provider's credentials come from the environment of whoever runs it, and it talks to AWS itself, by TLS.

Given as arguments credentials are kept in the state. A role that it takes, or another endpoint, makes the fleet in an
account that nobody chose, or shows every request to somebody in between.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

SECRETS: Final = frozenset({"accessKey", "secretKey", "token"})
DETOURS: Final = frozenset({"assumeRoles", "assumeRoleWithWebIdentity", "endpoints", "insecure"})


def _check(provider: Seen) -> Iterator[str]:
    for key in provider.values:
        if key in SECRETS:
            yield f"its credentials are an argument ({key}), which the state keeps"
        if key in DETOURS:
            yield f"an argument ({key}) says whom it is, or whom it talks to"


RULE: Final = Rule(
    id="aws-provider-credentials",
    title="The provider takes its credentials from the environment, and talks to AWS itself.",
    why="Credentials in the state let whoever reads it delete or open every host of the site.",
    remedy=(
        "leave access_key, secret_key, token, assume_roles, assume_role_with_web_identity, endpoints and insecure out; set"
        " the role where Pulumi runs"
    ),
    severity=Severity.CRITICAL,
    tags=("secrets", "identity"),
    waivable=False,
    types=frozenset({"pulumi:providers:aws"}),
    check=_check,
)
