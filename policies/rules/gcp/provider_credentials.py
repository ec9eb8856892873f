"""A provider's credentials come from the environment of whoever runs it: given as arguments they are kept in the state."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

SECRETS: Final = frozenset({"credentials", "accessToken", "externalCredentials"})


def _check(provider: Seen) -> Iterator[str]:
    for key in provider.values:
        if key in SECRETS:
            yield f"its credentials are an argument ({key}), which the state keeps"
    if "project" not in list(provider.values):
        yield "it names no project, so whoever runs it decides where the fleet is made"


RULE: Final = Rule(
    id="gcp-provider-credentials",
    title="The provider names its project, and takes its credentials from the environment.",
    why="Credentials in the state let whoever reads it delete or open every host of the site.",
    remedy="leave credentials and access_token out (use GOOGLE_APPLICATION_CREDENTIALS or federation), and set project",
    severity=Severity.CRITICAL,
    tags=("secrets",),
    types=frozenset({"pulumi:providers:gcp"}),
    check=_check,
)
