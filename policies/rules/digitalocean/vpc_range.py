"""A VPC says its own range: left out, DigitalOcean picks one that another site of the fleet may have."""

import ipaddress
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.addressing import RFC1918
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import VPC


def _check(vpc: Seen) -> Iterator[str]:
    try:
        network = ipaddress.IPv4Network(vpc.text("ipRange"))
    except ValueError:
        yield "it says no IPv4 range of its own"
        return
    if not any(network.subnet_of(block) for block in RFC1918):
        yield f"{network} is no private range"


RULE: Final = Rule(
    id="digitalocean-vpc-range",
    title="A VPC has a private range of its own.",
    why="Two sites with one range cannot be told apart by firewalls and relays, and the range cannot be changed later.",
    remedy="set ip_range to the site's range of the plan",
    severity=Severity.MEDIUM,
    tags=("exposure",),
    types=frozenset({VPC}),
    check=_check,
)
