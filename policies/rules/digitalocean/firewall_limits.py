"""A firewall stays within DigitalOcean's limits: 50 rules, and 1000 peers in each (cloud firewalls, limits).

The API refuses a larger one while hosts are being made, and the old rules stay.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.providers.digitalocean import PEERS_PER_RULE, RULES_PER_FIREWALL
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, both_ways


def _crowded(rule: Block, side: str) -> Iterator[str]:
    if rule.size(f"{side}Addresses") + rule.size(f"{side}Tags") > PEERS_PER_RULE:
        yield f"a rule has more than {PEERS_PER_RULE} peers"


def _check(firewall: Seen) -> Iterator[str]:
    yield from both_ways(firewall, lambda rule: _crowded(rule, "source"), lambda rule: _crowded(rule, "destination"))
    if firewall.size("inboundRules") + firewall.size("outboundRules") > RULES_PER_FIREWALL:
        yield f"it has more than {RULES_PER_FIREWALL} rules"


RULE: Final = Rule(
    id="digitalocean-firewall-limits",
    title="A firewall has at most 50 rules, and a rule at most 1000 peers.",
    why="A firewall that the API refuses in the middle of an update leaves new hosts cut off, or a closed port open.",
    remedy="merge rules of the same port, or let the plan have fewer sites, services or monitors",
    severity=Severity.LOW,
    tags=("hygiene",),
    types=frozenset({FIREWALL}),
    check=_check,
)
