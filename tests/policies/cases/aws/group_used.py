"""Cases of aws-group-used."""

from policies.rules.aws.group_used import RULE
from tests.support.policy_cases import Cases, having, on, plus, unknown, without
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=(aws.security_group(), aws.instance()),
    fails={
        "no host": without("s1-cosigner-1"),
        "a host without it": on("s1-cosigner-1", having(dependencies={})),
        "by another property": on("s1-cosigner-1", having(dependencies={"subnetId": ("s1-cosigner",)})),
        "another group": plus(aws.security_group("monitor")),
    },
    passes={
        "two groups": plus(aws.security_group("monitor"), aws.instance("monitor")),
        "as a part": on("s1-cosigner-1", having(dependencies={"vpcSecurityGroupIds[0]": ("s1-cosigner",)})),
        "ids unknown": on("s1-cosigner-1", unknown("vpcSecurityGroupIds")),
    },
)
