"""No instance has a key pair: SSH takes certificates of the fleet's own authority, and expires them."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    if instance.text("keyName"):
        yield "it lets in the holder of a key pair"
    if instance.flag("getPasswordData"):
        yield "its password would be fetched into the state"


RULE: Final = Rule(
    id="aws-instance-key-pair",
    title="An instance has no key pair and no password.",
    why="A key pair never expires and names nobody: a copy on one laptop opens a cosigner for ever.",
    remedy="leave out key_name and get_password_data: operators come with a certificate",
    severity=Severity.HIGH,
    tags=("identity", "secrets"),
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
