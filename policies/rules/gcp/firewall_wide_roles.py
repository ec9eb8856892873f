"""Only a sentry talks with strangers: it is what stands between them and the signers.

The others send to wide ranges by HTTPS at most: gateways, whose proxy holds an allow-list of names, and private hosts
where the site's egress is a NAT gateway.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.ports import HTTPS
from policies.blocks import Block
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import FIREWALL, NETWORK
from policies.rules.gcp.traffic import is_egress, natted_networks, ports, protocol, targeted_roles, wide_ranges

STRANGERS: Final = frozenset({"sentry"})
FETCHING: Final = frozenset({"gateway"})


def _check(stack: Stack) -> Iterator[Finding]:
    natted = natted_networks(stack)

    def look(firewall: Seen) -> Iterator[str]:
        roles = targeted_roles(stack, firewall)
        others = roles - STRANGERS
        networks = {one.urn for one in stack.linked(firewall, "network", NETWORK)}
        outwards = is_egress(firewall)
        fetching = outwards and (others <= FETCHING or ("" not in others and bool(networks & natted)))

        def beyond(entry: Block) -> Iterator[str]:
            name, spans = protocol(entry), ports(entry)
            if name == "icmp" and not outwards:
                return
            if name == "tcp" and (not others or (fetching and spans == [range(HTTPS, HTTPS + 1)])):
                return
            yield name

        names = dict.fromkeys(firewall.each_block("allows", beyond))
        if names:
            way = "send to" if outwards else "are open to"
            for cidr in wide_ranges(firewall):
                yield f"its hosts {way} {cidr} by {' and '.join(names)}"

    yield from each(stack.of(FIREWALL), look)


RULE: Final = StackRule(
    id="gcp-firewall-wide-roles",
    title="Only sentries are open to wide ranges and send anywhere; the others fetch by HTTPS at most.",
    why="A signer with a way out sends its key shard with it; one with a way in needs no sentry to be attacked.",
    remedy="narrow source_ranges or destination_ranges, or target the sentries' service account alone",
    severity=Severity.CRITICAL,
    tags=("exposure", "egress"),
    answers=("GCP-0035",),
    waivable=False,
    check=_check,
)
