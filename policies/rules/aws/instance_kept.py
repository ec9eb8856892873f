"""What ends an instance is this program alone.

Termination protection follows `protect`, so that a host that the config lets go can go; that it is protected at all is
fleet-protected's concern. Stop protection stays off: a detach stops the host first.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen


def _check(instance: Seen) -> Iterator[str]:
    if instance.protect and instance.flag("disableApiTermination") is not True:
        yield "it is kept, and can be terminated outside of Pulumi"
    if instance.flag("forceDestroy"):
        yield "a destroy lifts its protection by itself"
    if instance.text("instanceInitiatedShutdownBehavior") != "stop":
        yield "it does not say that a shutdown from inside only stops it"
    if instance.keys("instanceMarketOptions"):
        yield "AWS may take it back at any time"


RULE: Final = Rule(
    id="aws-instance-kept",
    title="A kept instance cannot be terminated by hand, by its own shutdown, or by AWS.",
    why="A signer that is gone misses blocks, and what was on its root disk, the host keys too, is lost.",
    remedy=(
        'set disable_api_termination=True on what is protected, instance_initiated_shutdown_behavior="stop", and leave out'
        " force_destroy and instance_market_options"
    ),
    severity=Severity.HIGH,
    tags=("durability", "signing"),
    waivable=False,
    types=frozenset({"aws:ec2/instance:Instance"}),
    check=_check,
)
