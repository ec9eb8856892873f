"""A role is for one service on behalf of one account, for one subject of a federation, or for another role.

Without a source condition a service takes the role for whoever tells it to, in any account (IAM user guide, the confused
deputy problem); a federated trust without a subject is for every user of the provider.
A user has keys that work for as long as nobody takes them away; a role has none.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.aws.documents import Statement, account, allowed, names_account

SOURCES: Final = frozenset({"aws:sourceaccount", "aws:sourcearn"})
SUBJECT: Final = ":sub"
"""How the condition key ends that names one subject of an OpenID Connect provider."""


def _check(role: Seen) -> Iterator[str]:
    for statement in allowed(role, "assumeRolePolicy"):
        for kind, name in statement.principals():
            yield from _principal(statement, kind, name)


def _principal(statement: Statement, kind: str, name: str) -> Iterator[str]:
    if kind == "Service":
        if not any(key in SOURCES and names_account(values) for key, values in statement.equalities()):
            yield f"{name} takes it on behalf of any account"
    elif kind == "Federated":
        if not any(key.endswith(SUBJECT) and "*" not in "".join(values) for key, values in statement.equalities()):
            yield "every user of an identity provider can take it"
    elif kind != "AWS" or "*" in name or account(name) is None or name.endswith(":root") or name.isdigit():
        yield "whoever an account lets, or anybody at all, can take it"
    elif ":user/" in name:
        yield "a user takes it, with keys that do not expire"


RULE: Final = Rule(
    id="aws-role-trust",
    title="A role is trusted to one service for one account, or to a named role or subject.",
    why="A role that anybody can take is a way into the account that holds the keys of all disks.",
    remedy=(
        "name a role as the principal in assume_role_policy, or a service with aws:SourceAccount, or a federation with its"
        " subject"
    ),
    severity=Severity.CRITICAL,
    tags=("identity",),
    answers=("CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_393", "iam_role_cross_service_confused_deputy_prevention"),
    waivable=False,
    types=frozenset({"aws:iam/role:Role"}),
    check=_check,
)
