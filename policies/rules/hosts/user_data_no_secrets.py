"""User data and metadata hold no secret: every process of the host, and whoever may read the account, can read them."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.hosts.boot import GCP, TYPES
from policies.rules.hosts.scanner import secrets_at


def _check(machine: Seen) -> Iterator[str]:
    path = "metadata" if machine.type == GCP else "userData"
    yield from secrets_at(machine.get(path), path)


RULE: Final = Rule(
    id="hosts-user-data-no-secrets",
    title="A machine's user data and metadata hold nothing that looks like a secret.",
    why="A key in user data is read through the metadata service or the cloud's console; a signer's key there is the stake.",
    remedy="take it out, replace the secret, since it has leaked, and let the host make its own keys",
    severity=Severity.CRITICAL,
    tags=("secrets", "signing"),
    answers=(
        "CKV_AWS_46",
        "AWS-0029",
        "AWS-0129",
        "ec2_instance_secrets_user_data",
        "ec2_launch_template_no_secrets",
    ),
    waivable=False,
    types=TYPES,
    check=_check,
)
