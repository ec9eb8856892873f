"""A key says who may use it: its own account, and services on behalf of one account.

Without a policy AWS sets its own, which then is nobody's decision. A service that may use a key for anybody can be told
to by anybody (the confused deputy, IAM user guide).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.aws.documents import ACCOUNT, Statement, allowed, names_account


def _check(key: Seen) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck"):
        yield "its policy may lock everybody out"
    for statement in allowed(key, "policy"):
        yield from _statement(statement)


def _statement(statement: Statement) -> Iterator[str]:
    tied = any(names_account(values) for _, values in statement.equalities())
    for kind, name in statement.principals():
        if kind == "Service":
            if not tied:
                yield "a service may use it on behalf of any account"
        elif kind != "AWS" or "*" in name or not ACCOUNT.search(name):
            yield "somebody may use it who is nobody in particular"


RULE: Final = Rule(
    id="aws-key-policy",
    title="A KMS key has a policy, for named accounts and for services on behalf of one account.",
    why="Whoever may use the volume key can read a snapshot of a cosigner's disk, from any account.",
    remedy="set policy, with account ARNs as principals, and a condition that names the account for each service",
    severity=Severity.CRITICAL,
    tags=("identity", "encryption"),
    answers=("CKV_AWS_33", "CKV2_AWS_64", "kms_key_not_publicly_accessible"),
    waivable=False,
    types=frozenset({"aws:kms/key:Key"}),
    check=_check,
)
