"""The one grant that the program makes is the key's: no host, and nobody else, gets a right on GCP from it."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import GRANT

AUDIT: Final = "iamauditconfig"
"""How the types end that set what is logged, and grant nothing."""


def _check(resource: Seen) -> Iterator[str]:
    kind = resource.type.rpartition(":")[2]
    if resource.type == GRANT or kind.lower().endswith(AUDIT):
        return
    if resource.type.startswith("gcp:") and "iam" in kind.lower():
        yield f"{kind} grants a right that nothing of the fleet needs"


RULE: Final = Rule(
    id="gcp-no-grants",
    title="The stack grants no rights but a key's use by Compute Engine.",
    why="A host's account with a role turns a break-in on a sentry into one on the project, keys and disks included.",
    remedy="take it out; rights of operators belong to whoever manages the project, not to the fleet's stack",
    severity=Severity.CRITICAL,
    tags=("identity",),
    waivable=False,
    answers=(
        "CKV2_GCP_8",
        "CKV_GCP_41",
        "CKV_GCP_49",
        "CKV_GCP_117",
        "GCP-0007",
        "GCP-0011",
        "iam_no_service_roles_at_project_level",
        "iam_sa_no_administrative_privileges",
    ),
    types=None,
    check=_check,
)
