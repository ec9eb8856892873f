"""A group's service account is made by the stack, not adopted: one that was there before may have roles and keys."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import ACCOUNT


def _check(account: Seen) -> Iterator[str]:
    if account.flag("createIgnoreAlreadyExists"):
        yield "it may be an account that was there before, with whatever it may do"


RULE: Final = Rule(
    id="gcp-account-new",
    title="A service account is new when the stack makes it.",
    why="Hosts are told apart by their account: one that somebody else uses too lets that one in.",
    remedy="leave create_ignore_already_exists out",
    severity=Severity.MEDIUM,
    tags=("identity",),
    types=frozenset({ACCOUNT}),
    check=_check,
)
