"""A provider's credentials come from the environment of whoever runs it, and it talks to Google itself.

Given as arguments credentials are kept in the state. Another endpoint sees every request with its token, and an account
to impersonate makes the fleet as somebody whom the environment does not name.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

SECRETS: Final = frozenset({"credentials", "accessToken", "externalCredentials"})
IMPERSONATION: Final = "impersonateServiceAccount"
ENDPOINT: Final = "CustomEndpoint"
"""How the arguments end that put another address in the place of one of Google's."""


def _check(provider: Seen) -> Iterator[str]:
    for key in provider.values:
        if key in SECRETS:
            yield f"its credentials are an argument ({key}), which the state keeps"
        if key == IMPERSONATION or key.endswith(ENDPOINT):
            yield f"an argument ({key}) says whom it is, or whom it talks to"
    if "project" not in list(provider.values):
        yield "it names no project, so whoever runs it decides where the fleet is made"


RULE: Final = Rule(
    id="gcp-provider-credentials",
    title="The provider names its project, takes its credentials from the environment, and talks to Google itself.",
    why="Credentials in the state let whoever reads it delete or open every host of the site.",
    remedy=(
        "leave credentials, access_token, impersonate_service_account and every custom endpoint out (use"
        " GOOGLE_APPLICATION_CREDENTIALS or federation), and set project"
    ),
    severity=Severity.CRITICAL,
    tags=("secrets",),
    waivable=False,
    types=frozenset({"pulumi:providers:gcp"}),
    check=_check,
)
