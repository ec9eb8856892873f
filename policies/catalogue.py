"""The one place that lists the rules."""

from typing import Final

from policies.pack import WAIVED, WAIVERS
from policies.rule import Metadata, Rule, StackRule
from policies.rules import aws, digitalocean, fleet, gcp, hosts

RULES: Final[tuple[Rule | StackRule, ...]] = (*fleet.RULES, *hosts.RULES, *aws.RULES, *gcp.RULES, *digitalocean.RULES)
"""In the order of reports."""

ALL: Final[tuple[Metadata, ...]] = (*RULES, WAIVERS, WAIVED)
"""With those that the pack judges itself."""

GROUPS: Final = {
    "fleet": "The fleet, on whichever cloud",
    "hosts": "Hosts and commands",
    "aws": "AWS",
    "gcp": "GCP",
    "digitalocean": "DigitalOcean",
}
"""What the groups are called; a rule's id begins with its group."""
