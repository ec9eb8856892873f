"""No host has a cloud identity: whoever takes a host over gets no credential for the account with it."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    if instance.text("iamInstanceProfile"):
        yield "its metadata service hands out credentials for the account"


RULE: Final = Rule(
    id="aws-instance-profile",
    title="An instance has no IAM role.",
    why="Strangers talk to a sentry all day: one bug in its node would reach volumes, groups and keys of the account.",
    remedy="leave out iam_instance_profile: no host calls the AWS API",
    severity=Severity.HIGH,
    tags=("identity", "exposure"),
    answers=("ec2_instance_internet_facing_with_instance_profile",),
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
