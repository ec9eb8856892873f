"""Cases of aws-instance-key-pair."""

from policies.rules.aws.instance_key_pair import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "key pair": put("keyName", "laptop"),
        "password": put("getPasswordData", True),
        "key pair of an odd shape": put("keyName", {"name": "laptop"}),
    },
    passes={"empty": put("keyName", ""), "password said to be off": put("getPasswordData", False)},
    defers={"key pair unknown": unknown("keyName"), "password unknown": unknown("getPasswordData")},
)
