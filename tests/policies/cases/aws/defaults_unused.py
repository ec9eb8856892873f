"""Cases of aws-defaults-unused."""

from policies.rules.aws.defaults_unused import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

ALL = [{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "self": True}]
ADOPTED = (
    "aws:ec2/defaultVpc:DefaultVpc",
    "aws:ec2/defaultSubnet:DefaultSubnet",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws:ec2/defaultVpcDhcpOptions:DefaultVpcDhcpOptions",
)

CASES = Cases(
    rule=RULE,
    good=aws.default_group(),
    fails={
        "lets in": put("ingress", ALL),
        "lets out": put("egress", ALL),
        "lets out, ingress not said": all_of(drop("ingress"), put("egress", ALL)),
        **{one: aws.instead(aws.sample(one, "adopted", {})) for one in ADOPTED},
    },
    passes={"not said": all_of(drop("ingress"), drop("egress"))},
    defers={"ingress unknown": unknown("ingress"), "egress unknown": unknown("egress")},
)
