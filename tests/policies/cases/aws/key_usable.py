"""Cases of aws-key-usable."""

from policies.rules.aws.key_usable import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.key(),
    fails={
        "a week": put("deletionWindowInDays", 7.0),
        "a day too few": put("deletionWindowInDays", 29.0),
        "disabled": put("isEnabled", False),
        "signs": put("keyUsage", "SIGN_VERIFY"),
        "asymmetric": put("customerMasterKeySpec", "ECC_NIST_EDWARDS25519"),
        "several regions": put("multiRegion", True),
        "own store": put("customKeyStoreId", "cks-0123456789abcdef0"),
        "external": put("xksKeyId", "key-1"),
        "disabled, store unknown": all_of(put("isEnabled", False), unknown("customKeyStoreId")),
        "of an odd shape": put("deletionWindowInDays", "30"),
    },
    passes={
        "window not said": drop("deletionWindowInDays"),
        "all said": all_of(
            put("isEnabled", True),
            put("keyUsage", "ENCRYPT_DECRYPT"),
            put("customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            put("multiRegion", False),
            put("customKeyStoreId", ""),
        ),
        "policy unknown": unknown("policy"),
    },
    defers={"window unknown": unknown("deletionWindowInDays")},
)
