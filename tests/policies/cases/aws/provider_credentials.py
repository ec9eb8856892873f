"""Cases of aws-provider-credentials."""

from policies.rules.aws.provider_credentials import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.provider(),
    fails={
        "an access key": put("accessKey", "AKIAEXAMPLE"),
        "a secret key": put("secretKey", "x"),
        "a secret key that is unknown": unknown("secretKey"),
        "a token": put("token", "x"),
        "a role": put("assumeRoles", '[{"roleArn":"arn:aws:iam::999999999999:role/one"}]'),
        "a role of a federation": put("assumeRoleWithWebIdentity", '{"roleArn":"arn:aws:iam::999999999999:role/one"}'),
        "other endpoints": put("endpoints", '[{"ec2":"https://example.org"}]'),
        "no TLS": put("insecure", "true"),
    },
    passes={"no region": drop("region"), "a region that is unknown": unknown("region")},
)
