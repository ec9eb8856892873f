"""The program makes no credential that works by itself: such a one is in the state, and outlives whoever copies it.

Project metadata is among them because its SSH keys are a login on every instance that does not block them.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

CREDENTIALS: Final = frozenset(
    {
        "gcp:serviceaccount/key:Key",
        "gcp:storage/hmacKey:HmacKey",
        "gcp:projects/apiKey:ApiKey",
        "gcp:oslogin/sshPublicKey:SshPublicKey",
        "gcp:compute/projectMetadata:ProjectMetadata",
        "gcp:compute/projectMetadataItem:ProjectMetadataItem",
    }
)


def _check(resource: Seen) -> Iterator[str]:
    if resource.type in CREDENTIALS:
        yield f"{resource.type.rpartition(':')[2]} is a credential, or a way to give one to every host"


RULE: Final = Rule(
    id="gcp-no-credentials",
    title="The stack makes no service account keys, API keys, HMAC keys or project-wide SSH keys.",
    why="Whoever reads the state once is in the project for as long as the key lives, ten years by default.",
    remedy="take it out; operators and applies use short-lived credentials (workload identity federation)",
    severity=Severity.CRITICAL,
    tags=("secrets", "identity"),
    waivable=False,
    answers=("CKV2_GCP_3", "iam_sa_no_user_managed_keys"),
    types=None,
    check=_check,
)
