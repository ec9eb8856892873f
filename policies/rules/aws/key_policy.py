"""A key says who may use it: its own account, and services on behalf of one account.

Without a policy AWS sets its own, which then is nobody's decision. A service that may use a key for anybody can be told
to by anybody (the confused deputy, IAM user guide). A denial without a condition wins over whatever is allowed.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.aws.documents import Statement, account, allowed, denied, names_account

TIES: Final = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "kms:calleraccount", "kms:encryptioncontext:aws:logs:arn"}
)
"""Condition keys that say on whose behalf a service acts; CloudWatch Logs has the last one (its guide to encryption)."""


def _check(key: Seen) -> Iterator[str]:
    if key.flag("bypassPolicyLockoutSafetyCheck"):
        yield "its policy may lock everybody out"
    accounts: set[str] = set()
    for statement in allowed(key, "policy"):
        yield from _statement(statement, accounts)
    if len(accounts) > 1:
        yield "more than one account may use it"
    for statement in denied(key, "policy"):
        if not statement.body.get("Condition") and any(_on_keys(action) for action in statement.texts("Action")):
            yield "it denies its use whatever the circumstances, and no allowance lifts that"


def _on_keys(action: str) -> bool:
    return action == "*" or action.lower().startswith("kms:")


def _statement(statement: Statement, accounts: set[str]) -> Iterator[str]:
    ties = [values for name, values in statement.equalities() if name in TIES and names_account(values)]
    accounts.update(found for values in ties for one in values if (found := account(one)))
    for kind, name in statement.principals():
        if kind == "Service":
            if not ties:
                yield "a service may use it on behalf of any account"
        elif kind != "AWS" or "*" in name or (found := account(name)) is None:
            yield "somebody may use it who is nobody in particular"
        else:
            accounts.add(found)


RULE: Final = Rule(
    id="aws-key-policy",
    title="A KMS key has a policy, for one account and for services on its behalf.",
    why="Whoever may use the volume key can read a snapshot of a cosigner's disk, from any account.",
    remedy="set policy, with account ARNs as principals, and a condition for each service (its account) and denial",
    severity=Severity.CRITICAL,
    tags=("identity", "encryption"),
    answers=("CKV_AWS_33", "CKV2_AWS_64", "kms_key_not_publicly_accessible"),
    waivable=False,
    types=frozenset({"aws:kms/key:Key"}),
    check=_check,
)
