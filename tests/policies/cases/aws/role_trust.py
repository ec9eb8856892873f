"""Cases of aws-role-trust."""

from policies.rules.aws.role_trust import RULE
from tests.support.policy_cases import Cases, Change, drop, put, unknown
from tests.support.policy_samples import aws

PROVIDER = f"arn:aws:iam::{aws.ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SUBJECT = "token.actions.githubusercontent.com:sub"


def trust(**changes: object) -> Change:
    return put("assumeRolePolicy", aws.document(aws.TRUST, {**aws.TRUST, **changes}))


def when(**condition: object) -> Change:
    return trust(Condition=condition)


def federated(**condition: object) -> Change:
    return trust(Principal={"Federated": PROVIDER}, Action="sts:AssumeRoleWithWebIdentity", Condition=condition)


CASES = Cases(
    rule=RULE,
    good=aws.iam_role(),
    fails={
        "service without a condition": trust(Condition={}),
        "service, condition on something else": when(StringEquals={"aws:SourceVpc": aws.ACCOUNT}),
        "service, condition that may be missing": when(StringEqualsIfExists={"aws:SourceAccount": aws.ACCOUNT}),
        "service, of every account": when(ArnLike={"aws:SourceArn": "arn:aws:ec2:*:*:vpc-flow-log/*"}),
        "two services, neither tied": trust(
            Principal={"Service": ["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"]}, Condition={}
        ),
        "everybody": trust(Principal="*"),
        "every AWS identity": trust(Principal={"AWS": "*"}),
        "roles by pattern": trust(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:role/*"}),
        "a whole account": trust(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:root"}),
        "a whole account by number": trust(Principal={"AWS": aws.ACCOUNT}),
        "a user": trust(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:user/one"}),
        "an identity that is gone": trust(Principal={"AWS": "AROAEXAMPLE"}),
        "a whole account among others": trust(
            Principal={"AWS": [f"arn:aws:iam::{aws.ACCOUNT}:role/one", f"arn:aws:iam::{aws.ACCOUNT}:root"]}
        ),
        "everybody beside a service": trust(Principal={"Service": "vpc-flow-logs.amazonaws.com", "AWS": "*"}),
        "another kind": trust(Principal={"CanonicalUser": f"arn:aws:iam::{aws.ACCOUNT}:role/one"}),
        "federation without a condition": federated(),
        "federation for an audience": federated(StringEquals={f"{PROVIDER}:aud": "sts.amazonaws.com"}),
        "federation for subjects by pattern": federated(ArnLike={SUBJECT: "repo:one/*"}),
        "no policy": drop("assumeRolePolicy"),
        "all but": trust(NotAction="sts:TagSession"),
        "of an odd shape": put("assumeRolePolicy", {"Statement": []}),
    },
    passes={
        "service by ARN": when(ArnLike={"aws:SourceArn": f"arn:aws:ec2:*:{aws.ACCOUNT}:vpc-flow-log/*"}),
        "key in another case": when(StringEquals={"AWS:sourceaccount": aws.ACCOUNT}),
        "a named role": trust(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:role/one"}),
        "a role with a like name": trust(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:role/user/one"}),
        "federation for a subject": federated(StringEquals={SUBJECT: "repo:one/two:environment:mainnet"}),
        "a denial for everybody": trust(Effect="Deny", Principal="*"),
    },
    defers={"unknown": unknown("assumeRolePolicy")},
)
