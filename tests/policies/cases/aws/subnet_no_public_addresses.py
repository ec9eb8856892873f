"""Cases of aws-subnet-no-public-addresses."""

from policies.rules.aws.subnet_no_public_addresses import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.subnet(),
    fails={"gives them": put("mapPublicIpOnLaunch", True), "of an odd shape": put("mapPublicIpOnLaunch", "true")},
    passes={"not said": drop("mapPublicIpOnLaunch")},
    defers={"unknown": unknown("mapPublicIpOnLaunch")},
)
