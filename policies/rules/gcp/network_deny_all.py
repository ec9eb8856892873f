"""Every network has two firewalls under all others that deny everything, in and out.

By itself a network on GCP lets everything out (VPC: implied rules). IPv4 alone is looked at here, because
`gcp-ipv4-only` keeps IPv6 off.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import FIREWALL, NETWORK
from policies.rules.gcp.traffic import is_egress, protocol

EVERYTHING: Final = "0.0.0.0/0"
RANGES: Final = ("sourceRanges", "destinationRanges")
"""What a denial names its peers by: in, and out."""
NARROWING: Final = ("targetTags", "targetServiceAccounts")


def _all(entry: Block) -> Iterator[str]:
    if protocol(entry) == "all":
        yield "all"


def _denies_all(firewall: Seen, *, outwards: bool) -> bool:
    if is_egress(firewall) is not outwards or firewall.flag("disabled"):
        return False
    if any(firewall.get(one) for one in (*NARROWING, RANGES[not outwards])):
        return False
    return EVERYTHING in firewall.texts(RANGES[outwards]) and any(firewall.each_block("denies", _all))


def _check(stack: Stack) -> Iterator[Finding]:
    def look(network: Seen) -> Iterator[str]:
        own = [one for one in stack.of(FIREWALL) if network in stack.linked(one, "network", NETWORK)]
        if not any(_denies_all(one, outwards=False) for one in own):
            yield "no firewall denies everything that comes in"
        if not any(_denies_all(one, outwards=True) for one in own):
            yield "no firewall denies everything that goes out"

    yield from each(stack.of(NETWORK), look)


RULE: Final = StackRule(
    id="gcp-network-deny-all",
    title="Every network denies what no other firewall allows, in and out.",
    why="Without the denial of egress a signer that is broken into sends its key shard anywhere.",
    remedy='give the network two firewalls for 0.0.0.0/0, INGRESS and EGRESS, with denies of protocol "all" and no target',
    severity=Severity.CRITICAL,
    tags=("exposure", "egress"),
    answers=("CKV2_GCP_18",),
    waivable=False,
    check=_check,
)
