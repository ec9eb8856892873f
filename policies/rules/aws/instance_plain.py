"""What an instance is stands in its own properties, where the other rules look.

A launch template, or an interface that was made elsewhere, brings addresses, groups, roles and disks of its own, and
lets the properties here be left out.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

ELSEWHERE: Final = (
    "launchTemplate",
    "networkInterfaces",
    "primaryNetworkInterface",
    "secondaryNetworkInterfaces",
    "securityGroups",
)
"""Properties that take from elsewhere what other properties say openly; user data is hosts-user-data-one-place's."""


def _check(instance: Seen) -> Iterator[str]:
    if instance.flag("sourceDestCheck") is False:
        yield "it may send and take packets that are not its own"
    for name in ELSEWHERE:
        if instance.get(name):
            yield f"{name} says what rules about instances cannot see"


RULE: Final = Rule(
    id="aws-instance-plain",
    title="An instance says itself what it is, and handles packets of its own address alone.",
    why="An interface or template from elsewhere can give a cosigner a public address that no other rule sees.",
    remedy="give subnet, groups, address and disks on the instance, and leave source_dest_check on",
    severity=Severity.HIGH,
    tags=("exposure", "hygiene"),
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
