"""The only identities are roles of services, with permissions that stand in this stack.

A managed policy is AWS's to change; a user's key never expires, and lies in the state.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

ROLE: Final = "aws:iam/role:Role"


def _check(resource: Seen) -> Iterator[str]:
    if resource.type != ROLE:
        yield "it is an identity, or gives one more rights, beside the roles of services"
    for name in ("managedPolicyArns", "inlinePolicies"):
        if resource.get(name):
            yield f"{name} gives it rights that no rule about permissions sees"


RULE: Final = Rule(
    id="aws-identities",
    title="There are roles with policies of their own; no users, access keys or managed policies.",
    why="An access key on a laptop, or AdministratorAccess on a role, reaches every disk and key of the fleet.",
    remedy="use iam.RolePolicy on an iam.Role; operators come with the login of their own organisation",
    severity=Severity.HIGH,
    tags=("identity", "secrets"),
    answers=(
        "CKV_AWS_274",
        "iam_aws_attached_policy_no_administrative_privileges",
        "CKV2_AWS_56",
    ),
    types=frozenset(
        {
            ROLE,
            "aws:iam/user:User",
            "aws:iam/accessKey:AccessKey",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:iam/policyAttachment:PolicyAttachment",
        }
    ),
    check=_check,
)
