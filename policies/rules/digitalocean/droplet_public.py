"""A private host has no public network: DigitalOcean gives every droplet a public address unless it is told not to."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_public
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET


def _check(droplet: Seen) -> Iterator[str]:
    if droplet.flag("publicNetworking") is not False and not is_public(droplet):
        yield "its role is private and it gets a public address"


RULE: Final = Rule(
    id="digitalocean-droplet-public",
    title="A droplet of a private role has no public network.",
    why="A validator or cosigner that the Internet reaches can be flooded, scanned and attacked behind the sentries' back.",
    remedy="set public_networking to False, or give the host a public role",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    waivable=False,
    types=frozenset({DROPLET}),
    check=_check,
)
