"""Cases of aws-role-permissions."""

from policies.rules.aws.role_permissions import RULE
from tests.support.policy_cases import Cases, Change, all_of, drop, having, put, unknown
from tests.support.policy_samples import aws


def allow(actions: object, resources: object = (aws.LOG_GROUP,), effect: str = "Allow") -> Change:
    added = {"Effect": effect, "Action": actions, "Resource": resources}
    return put("policy", aws.document(aws.WRITE, added, aws.FIND))


def on(*resources: str) -> Change:
    return allow("logs:PutLogEvents", [aws.LOG_GROUP, *resources])


CASES = Cases(
    rule=RULE,
    good=aws.role_policy(),
    fails={
        "everything": allow("*", "*"),
        "everything of one resource": allow("*"),
        "everything of a service": allow("logs:*"),
        "several actions": allow(["logs:CreateLogStream", "logs:Delete*"]),
        "several actions by one letter": allow("logs:Put?ogEvents"),
        "IAM": allow("iam:*", "*"),
        "passing roles": allow("iam:PassRole"),
        "taking roles": allow(["logs:PutLogEvents", "sts:AssumeRole"]),
        "buckets": allow("s3:*"),
        "reading buckets": allow("s3:GetObject"),
        "services by pattern": allow("l*:PutLogEvents"),
        "writing everywhere": on("*"),
        "writing in every account": on("arn:aws:logs:eu-central-1:*:log-group:/one"),
        "writing in accounts by one digit": on("arn:aws:logs:eu-central-1:12345678901?:log-group:/one"),
        "writing to every resource": on(f"arn:aws:logs:eu-central-1:{aws.ACCOUNT}:*"),
        "writing to resources by one letter": on(f"arn:aws:logs:eu-central-1:{aws.ACCOUNT}:?og-group:/one"),
        "writing beside reading everywhere": allow(["logs:DescribeLogGroups", "logs:DeleteLogGroup"], "*"),
        "no ARN": on("log-group"),
        "another service": all_of(aws.instead(aws.role_policy()), having(settings={"services": ["s3"]})),
        "a policy of its own": all_of(
            aws.instead(aws.sample("aws:iam/policy:Policy", "s1-admin", {})), allow("iam:PutRolePolicy")
        ),
        "all but": put("policy", aws.document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        "no policy": drop("policy"),
        "actions of an odd shape": allow([1]),
        "one action of an odd shape": allow(1),
        "resources of an odd shape": allow("logs:PutLogEvents", {"one": aws.LOG_GROUP}),
        "of an odd shape": put("policy", {"Statement": []}),
    },
    passes={
        "looking everywhere": allow(["logs:GetLogEvents", "logs:ListTagsForResource"], "*"),
        "describing everywhere": allow("logs:DescribeLogGroups", "*"),
        "a denial of everything": allow("*", "*", "Deny"),
        "another service": all_of(allow("s3:GetObject"), having(settings={"services": ["logs", "s3"]})),
        "services as ever": having(settings={"services": []}),
        "a policy of its own": all_of(aws.instead(aws.sample("aws:iam/policy:Policy", "s1-logs", {})), on()),
    },
    defers={"unknown": unknown("policy")},
)
