"""Cases of aws-instance-profile."""

from policies.rules.aws.instance_profile import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "profile": put("iamInstanceProfile", "admin"),
        "of an odd shape": put("iamInstanceProfile", {"name": "admin"}),
    },
    passes={"empty": put("iamInstanceProfile", "")},
    defers={"unknown": unknown("iamInstanceProfile")},
)
