"""Firewalls name droplets and peers by tag or address: an id stops matching when the droplet behind it is replaced.

A new droplet is then under no firewall, and open, until the firewall is changed; a load balancer or a cluster lets in
whoever reaches it.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, both_ways

PEERS: Final = ("DropletIds", "KubernetesIds", "LoadBalancerUids")


def _named(rule: Block, side: str) -> Iterator[str]:
    for kind in PEERS:
        if rule.get(f"{side}{kind}"):
            yield f"a rule names peers by {side}{kind}"
    if not rule.get(f"{side}Tags") and not rule.get(f"{side}Addresses"):
        yield f"a rule without {side}Tags and {side}Addresses leaves its peers to DigitalOcean"


def _check(firewall: Seen) -> Iterator[str]:
    if firewall.get("dropletIds"):
        yield "it is bound to droplets by id"
    yield from both_ways(firewall, lambda rule: _named(rule, "source"), lambda rule: _named(rule, "destination"))


RULE: Final = Rule(
    id="digitalocean-firewall-named",
    title="A firewall names its droplets by tag, and every rule its peers by tag or address.",
    why="A replaced signer that its firewall no longer names stands open to everybody.",
    remedy="leave droplet_ids and ids of other resources out, and give each rule tags or addresses",
    severity=Severity.HIGH,
    tags=("exposure",),
    types=frozenset({FIREWALL}),
    check=_check,
)
