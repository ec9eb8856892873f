"""A role may do named actions of the one service it is for; on everything at once it may look, not touch.

An allow-list of services leaves no room for the known ways to more rights: all of them need an action of IAM, STS, EC2,
Lambda, SSM or another service (Prowler, privilege_escalation.py).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.aws.documents import Statement, allowed

SERVICES: Final = ["logs"]
LOOKS: Final = ("Describe", "Get", "List")


def _check(policy: Seen) -> Iterator[str]:
    services = policy.settings.get("services") or SERVICES
    for statement in allowed(policy, "policy"):
        actions = statement.texts("Action")
        for action in actions:
            service, _, name = action.partition(":")
            if service not in services:
                yield f"it allows {action}, of a service that no role is for"
            elif "*" in name or "?" in name:
                yield f"it allows {action}, which is more than one action"
        yield from _everywhere(statement, actions)


def _everywhere(statement: Statement, actions: list[str]) -> Iterator[str]:
    if not any(_is_wide(resource) for resource in statement.texts("Resource")):
        return
    for action in actions:
        if not action.partition(":")[2].startswith(LOOKS):
            yield f"it allows {action} on more than one named resource"


def _is_wide(resource: str) -> bool:
    """Whether it is no ARN that names region, account and the beginning of the resource (arn:partition:service:...)."""
    *scope, name = resource.split(":", 5)
    return len(scope) != 5 or any("*" in part or "?" in part for part in scope) or name.startswith(("*", "?"))


RULE: Final = Rule(
    id="aws-role-permissions",
    title="A role may do named actions of its own service, on named resources.",
    why="A role with more than it needs turns a bug in one AWS service into control over disks and keys.",
    remedy="name each action and resource in policy; list another service under `services` in the pack's config",
    severity=Severity.HIGH,
    tags=("identity",),
    answers=(
        "CKV_AWS_62",
        "CKV_AWS_63",
        "CKV2_AWS_40",
        "AWS-0057",
        "AWS-0342",
        "AWS-0345",
        "iam_inline_policy_no_administrative_privileges",
        "iam_customer_attached_policy_no_administrative_privileges",
        "iam_customer_unattached_policy_no_administrative_privileges",
        "iam_policy_allows_privilege_escalation",
        "CKV_AWS_286",
        "CKV_AWS_287",
        "CKV_AWS_288",
        "CKV_AWS_289",
        "CKV_AWS_290",
        "CKV_AWS_355",
    ),
    settings={
        "services": {
            "type": "array",
            "items": {"type": "string"},
            "default": SERVICES,
            "description": "Services whose actions a role may be allowed, by the prefix of the action.",
        }
    },
    types=frozenset({"aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"}),
    check=_check,
)
