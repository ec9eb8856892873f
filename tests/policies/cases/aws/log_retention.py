"""Cases of aws-log-retention."""

from policies.rules.aws.log_retention import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.log_group(),
    fails={
        "a day": put("retentionInDays", 1.0),
        "a day too few": put("retentionInDays", 364.0),
        "class": put("logGroupClass", "DELIVERY"),
        "left behind": put("skipDestroy", True),
        "of an odd shape": put("retentionInDays", "365"),
    },
    passes={
        "for ever": put("retentionInDays", 0.0),
        "not said": drop("retentionInDays"),
        "longer": put("retentionInDays", 400.0),
        "class said": put("logGroupClass", "STANDARD"),
        "not left behind": put("skipDestroy", False),
        "key unknown": unknown("kmsKeyId"),
    },
    defers={"retention unknown": unknown("retentionInDays")},
)
