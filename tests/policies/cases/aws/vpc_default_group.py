"""Cases of aws-vpc-default-group."""

from policies.rules.aws.vpc_default_group import RULE
from tests.support.policy_cases import Cases, having, on, plus, unknown, without
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=(aws.vpc(), aws.default_group()),
    fails={
        "no group": without("s1-default"),
        "a group of another VPC": on("s1-default", having(dependencies={})),
        "by another property": on("s1-default", having(dependencies={"tags": ("s1",)})),
        "a second VPC": plus(aws.vpc("s4")),
    },
    passes={
        "two VPCs": plus(aws.vpc("s4"), aws.default_group("s4")),
        "id unknown": on("s1-default", unknown("vpcId")),
        "no VPC": lambda given: [],
    },
)
