"""The metadata service answers session tokens alone: version 1 hands credentials to whoever can make a host send a GET."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    if instance.text("metadataOptions.httpTokens") != "required":
        yield "its metadata service also answers without a session token"


RULE: Final = Rule(
    id="aws-instance-imdsv2",
    title="An instance's metadata service wants a session token (IMDSv2).",
    why="With version 1 one forged request through a sentry's software reads the host's metadata and credentials.",
    remedy='set metadata_options.http_tokens to "required"',
    severity=Severity.HIGH,
    tags=("exposure", "identity"),
    answers=("CKV_AWS_79", "AWS-0028", "AWS-0130", "ec2_instance_imdsv2_enabled"),
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
