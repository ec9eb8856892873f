"""A public address is for a public host, or for the site's NAT: one that is kept for later is one that can be attached."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.roles import is_public
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import ADDRESS, NAT


def _check(stack: Stack) -> Iterator[Finding]:
    natted = [address for nat in stack.of(NAT) for address in stack.linked(nat, "natIps", ADDRESS)]

    def look(address: Seen) -> Iterator[str]:
        # An address without a type is an external one.
        if address.text("addressType") != "INTERNAL" and not is_public(address) and address not in natted:
            yield "it is a public address of a host that may have none"

    yield from each(stack.of(ADDRESS), look)


RULE: Final = StackRule(
    id="gcp-address-external",
    title="Public addresses are for gateways, sentries and NAT.",
    why="A public address on a signer makes it a target without a sentry in front.",
    remedy='set address_type to "INTERNAL", or take the address out',
    severity=Severity.HIGH,
    tags=("exposure",),
    check=_check,
)
