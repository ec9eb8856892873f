"""A host calls no Google API, so the metadata server has no token to give away.

With no scopes the token that an intruder reads opens nothing, whatever roles the account is given later.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE


def _check(instance: Seen) -> Iterator[str]:
    if instance.get("workloadIdentityConfig"):
        yield "it has a workload identity, which other clouds and services believe"
    if instance.get("serviceAccount.scopes"):
        yield "its metadata server gives out tokens for Google's APIs"


RULE: Final = Rule(
    id="gcp-instance-scopes",
    title="An instance's service account has no scopes.",
    why="A token from a sentry's metadata server would carry an intruder into the project, up to disks and keys.",
    remedy="set service_account.scopes to [], and leave workload_identity_config out",
    severity=Severity.HIGH,
    tags=("identity",),
    answers=("CKV_GCP_31", "compute_instance_default_service_account_in_use_with_full_api_access"),
    types=frozenset({INSTANCE}),
    check=_check,
)
