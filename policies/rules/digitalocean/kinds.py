"""Type tokens of DigitalOcean, and how its firewall rules write ports."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from policies.blocks import Block, patiently
from policies.rule import Seen

DROPLET: Final = "digitalocean:index/droplet:Droplet"
FIREWALL: Final = "digitalocean:index/firewall:Firewall"
NAT: Final = "digitalocean:index/vpcNatGateway:VpcNatGateway"
PROJECT: Final = "digitalocean:index/project:Project"
PROJECT_RESOURCES: Final = "digitalocean:index/projectResources:ProjectResources"
SSH_KEY: Final = "digitalocean:index/sshKey:SshKey"
TAG: Final = "digitalocean:index/tag:Tag"
VOLUME: Final = "digitalocean:index/volume:Volume"
VPC: Final = "digitalocean:index/vpc:Vpc"

ALL_PORTS: Final = (1, 65535)
_PORTS: Final = re.compile(r"([1-9][0-9]{0,4})(?:-([0-9]{1,5}))?")
Look = Callable[[Block], Iterator[str]]


def span(rule: Block) -> tuple[int, int]:
    """First and last port. What is no port and no range (`all`, `0`, nothing) counts as all ports."""
    found = _PORTS.fullmatch(rule.text("portRange"))
    first, last = (int(found[1]), int(found[2] or found[1])) if found else ALL_PORTS
    return (first, last) if first <= last else ALL_PORTS


def both_ways(firewall: Seen, inward: Look, outward: Look) -> Iterator[str]:
    """What is found in the inbound and in the outbound rules; unknown ones last."""
    looks = (("inboundRules", inward), ("outboundRules", outward))
    yield from patiently(looks, lambda one: firewall.each_block(*one))


def bound(firewalls: Sequence[Seen], droplet: Seen) -> bool:
    """Whether one of the firewalls is bound to a tag of the droplet; one with unknown tags matters where no other is."""
    tags = set(droplet.texts("tags"))

    def shared(firewall: Seen) -> Iterator[str]:
        yield from tags.intersection(firewall.texts("tags"))

    return next(patiently(firewalls, shared), None) is not None
