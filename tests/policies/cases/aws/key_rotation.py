"""Cases of aws-key-rotation."""

from policies.rules.aws.key_rotation import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.key(),
    fails={
        "off": put("enableKeyRotation", False),
        "not said": drop("enableKeyRotation"),
        "rarely": put("rotationPeriodInDays", 366.0),
        "off, period unknown": all_of(put("enableKeyRotation", False), unknown("rotationPeriodInDays")),
        "of an odd shape": put("enableKeyRotation", "true"),
    },
    passes={"period not said": drop("rotationPeriodInDays"), "often": put("rotationPeriodInDays", 90.0)},
    defers={"unknown": unknown("enableKeyRotation")},
)
