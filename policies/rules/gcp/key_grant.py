"""One party may use the site's key: Compute Engine's service agent, which opens the disks."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import GRANT

ROLE: Final = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
_AGENT: Final = re.compile(r"serviceAccount:service-\d+@compute-system\.iam\.gserviceaccount\.com")


def _check(grant: Seen) -> Iterator[str]:
    if grant.text("role") != ROLE:
        yield "it lets a member do more with the key than encrypt and decrypt"
    if not _AGENT.fullmatch(grant.text("member")):
        yield "its member is not Compute Engine's service agent"


RULE: Final = Rule(
    id="gcp-key-grant",
    title="A key may be used by Compute Engine's service agent alone, to encrypt and decrypt.",
    why="Whoever else may use the key reads every copy of a signer's disk, or shuts all disks for ever.",
    remedy=(
        'set role to "roles/cloudkms.cryptoKeyEncrypterDecrypter" and member to'
        ' "serviceAccount:service-<project number>@compute-system.iam.gserviceaccount.com"'
    ),
    severity=Severity.CRITICAL,
    tags=("identity", "encryption"),
    answers=("CKV_GCP_112", "CKV2_GCP_6", "kms_key_not_publicly_accessible"),
    waivable=False,
    types=frozenset({GRANT}),
    check=_check,
)
