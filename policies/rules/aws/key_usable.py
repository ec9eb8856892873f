"""A key stays usable, and a deletion can be called off for as long as AWS allows (7 to 30 days, ScheduleKeyDeletion).

EBS and CloudWatch Logs take symmetric keys for encryption alone. A key of several regions can be copied to where nobody
looks.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

LONGEST: Final = 30
"""Days between scheduling a deletion and the loss; also AWS's default."""


def _check(key: Seen) -> Iterator[str]:
    if (key.number("deletionWindowInDays") or LONGEST) < LONGEST:
        yield "a deletion by mistake can be called off for less than 30 days"
    if key.flag("isEnabled") is False:
        yield "it is disabled: no disk that it encrypts can be attached"
    if key.text("keyUsage") not in ("", "ENCRYPT_DECRYPT"):
        yield "it is not for encryption"
    if key.text("customerMasterKeySpec") not in ("", "SYMMETRIC_DEFAULT"):
        yield "it is not symmetric, and no disk can be encrypted with it"
    if key.flag("multiRegion"):
        yield "it can be copied to other regions"
    for name in ("customKeyStoreId", "xksKeyId"):
        if key.text(name):
            yield "its material lies in a store that can be taken away"


RULE: Final = Rule(
    id="aws-key-usable",
    title="A KMS key is enabled, symmetric, in one region, and deleted after 30 days at the earliest.",
    why="Without the volume key every disk of the site is lost, with all shards and watermarks on it.",
    remedy=(
        "set deletion_window_in_days to 30, and leave out is_enabled, key_usage, customer_master_key_spec, multi_region,"
        " custom_key_store_id and xks_key_id"
    ),
    severity=Severity.HIGH,
    tags=("durability", "encryption"),
    answers=("CKV_AWS_227",),
    types=frozenset({"aws:kms/key:Key"}),
    check=_check,
)
