"""What is encrypted is encrypted with a key of this stack.

A key from elsewhere can be disabled by others; AWS's own key cannot be withheld from anybody in the account.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity
from pulumi_policy.proxy import UnknownValueError

from policies.rule import Finding, Seen, Stack, StackRule

KEY: Final = "aws:kms/key:Key"
ENCRYPTED: Final = {
    "aws:ec2/instance:Instance": "rootBlockDevice.kmsKeyId",
    "aws:ebs/volume:Volume": "kmsKeyId",
    "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
    "aws:kms/alias:Alias": "targetKeyId",
}
"""Where the key of a type is named. What it is linked to, the engine says of the whole top-level property."""


def _check(stack: Stack) -> Iterator[Finding]:
    for one in stack.of(*ENCRYPTED):
        path = ENCRYPTED[one.type]
        keys = stack.linked(one, path.partition(".")[0], KEY)
        if not any(_is(key, one, path) for key in keys):
            yield Finding(one.urn, "its key is none of this stack")


def _is(key: Seen, one: Seen, path: str) -> bool:
    """Whether what names the key is it, where both are known; a link alone says what a value was made from."""
    try:
        named = one.text(path)
        names = {key.outputs.text("arn"), key.outputs.text("keyId")} - {""}
        return named in names if names else named != ""
    except UnknownValueError:
        return True


RULE: Final = StackRule(
    id="aws-own-keys",
    title="Disks and logs are encrypted with keys of this stack, and aliases stand for keys of this stack.",
    why="Whoever owns the key decides who reads a shard's disk, and whether a validator ever starts again.",
    remedy="pass the ARN (for an alias the key_id) of the kms.Key of the site",
    severity=Severity.HIGH,
    tags=("encryption", "durability"),
    answers=(
        "CKV_AWS_189",
        "AWS-0027",
        "CKV_AWS_158",
    ),
    check=_check,
)
