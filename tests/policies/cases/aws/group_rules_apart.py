"""Cases of aws-group-rules-apart."""

from policies.rules.aws.group_rules_apart import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import aws

OPEN = [{"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": ["0.0.0.0/0"]}]
OLD = {"type": "ingress", "protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": ["10.1.0.0/28"]}

CASES = Cases(
    rule=RULE,
    good=aws.security_group(),
    fails={
        "ingress": put("ingress", OPEN),
        "egress": put("egress", OPEN),
        "a rule of the old kind": aws.instead(aws.sample("aws:ec2/securityGroupRule:SecurityGroupRule", "old", OLD)),
    },
    passes={"none": all_of(put("ingress", []), put("egress", []))},
    defers={"ingress unknown": unknown("ingress"), "egress unknown": unknown("egress")},
)
