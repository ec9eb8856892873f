"""NAT serves the subnets that it names, behind an address of the site's own, and logs what passes.

Behind an address that Google picks nobody can admit the site, and with all subnets it serves whatever is added later.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import NAT


def _check(nat: Seen) -> Iterator[str]:
    if nat.text("natIpAllocateOption") != "MANUAL_ONLY":
        yield "Google picks its addresses"
    if nat.text("sourceSubnetworkIpRangesToNat") != "LIST_OF_SUBNETWORKS":
        yield "it serves every subnet of its network"
    if nat.text("sourceSubnetworkIpRangesToNat64"):
        yield "it takes IPv6 hosts to the Internet"
    if nat.flag("logConfig.enable") is not True or nat.text("logConfig.filter") != "ALL":
        yield "what passes it is not all logged"


RULE: Final = Rule(
    id="gcp-nat-bounded",
    title="NAT serves named subnets behind the site's own address, and logs everything.",
    why="Egress that nobody bounds or logs is how a key shard leaves unseen.",
    remedy=(
        'set nat_ip_allocate_option to "MANUAL_ONLY", source_subnetwork_ip_ranges_to_nat to "LIST_OF_SUBNETWORKS"'
        ' and log_config to enable True with filter "ALL"'
    ),
    severity=Severity.MEDIUM,
    tags=("egress", "audit"),
    types=frozenset({NAT}),
    check=_check,
)
