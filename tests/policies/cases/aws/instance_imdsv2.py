"""Cases of aws-instance-imdsv2."""

from policies.rules.aws.instance_imdsv2 import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "tokens optional": put("metadataOptions.httpTokens", "optional"),
        "tokens not said": drop("metadataOptions.httpTokens"),
        "no metadata options": drop("metadataOptions"),
        "tokens of an odd shape": put("metadataOptions.httpTokens", ["required"]),
    },
    defers={"tokens unknown": unknown("metadataOptions.httpTokens")},
)
