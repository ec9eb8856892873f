"""Cases of gcp-key-rotation."""

from policies.rules.gcp.key_rotation import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.key(),
    fails={
        "never": drop("rotationPeriod"),
        "a second late": put("rotationPeriod", "7776001s"),
        "what cannot be read": put("rotationPeriod", "90d"),
        "destroyed in a day": put("destroyScheduledDuration", "86400s"),
        "destroyed a second early": put("destroyScheduledDuration", "2591999s"),
        "destroyed in what cannot be read": put("destroyScheduledDuration", "30d"),
        "held elsewhere": put("versionTemplate.protectionLevel", "EXTERNAL"),
        "held elsewhere, by VPC": put("versionTemplate.protectionLevel", "EXTERNAL_VPC"),
        "an odd shape": put("rotationPeriod", 7776000.0),
    },
    passes={
        "more often": put("rotationPeriod", "86400s"),
        "the default delay": drop("destroyScheduledDuration"),
        "held in hardware": put("versionTemplate.protectionLevel", "HSM"),
        "a longer delay": put("destroyScheduledDuration", "10368000s"),
    },
    defers={"unknown": unknown("rotationPeriod")},
)
