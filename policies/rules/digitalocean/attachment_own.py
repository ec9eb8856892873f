"""A volume is attached to its own host: a signer's state on another host is a second signer, or none."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import ATTACHMENT, DROPLET, VOLUME


def _check(stack: Stack) -> Iterator[Finding]:
    def look(attachment: Seen) -> Iterator[str]:
        for path, kind in (("dropletId", DROPLET), ("volumeId", VOLUME)):
            if [one.name for one in stack.linked(attachment, path, kind)] != [attachment.name]:
                yield f"{path} is not that of the host that it is named after"

    yield from each(stack.of(ATTACHMENT), look)


RULE: Final = StackRule(
    id="digitalocean-attachment-own",
    title="A volume is attached to the droplet of the same host.",
    why="With another host's volume a cosigner loads a shard and a height that are not its own.",
    remedy="name attachment, droplet and volume after the host, and pass their ids",
    severity=Severity.CRITICAL,
    tags=("signing",),
    waivable=False,
    check=_check,
)
