"""Cases of aws-identities."""

from policies.rules.aws.identities import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import aws

OTHERS = (
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)

CASES = Cases(
    rule=RULE,
    good=aws.iam_role(),
    fails={
        "managed policy": put("managedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
        "policy inside": put("inlinePolicies", [{"name": "admin", "policy": aws.document()}]),
        "policy inside, its text unknown": unknown("inlinePolicies.policy"),
        **{one: aws.instead(aws.sample(one, "one", {})) for one in OTHERS},
    },
    passes={
        "none": all_of(put("managedPolicyArns", []), put("inlinePolicies", [])),
        "trust unknown": unknown("assumeRolePolicy"),
    },
    defers={"policies unknown": unknown("managedPolicyArns")},
)
