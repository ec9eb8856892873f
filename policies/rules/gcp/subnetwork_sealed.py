"""Private Google Access is a way out to whatever anybody hosts at Google: a sealed site has none.

A site whose egress is NAT has a way out anyhow, and may reach Google without leaving Google's network.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.gcp.tokens import NETWORK, SUBNETWORK
from policies.rules.gcp.traffic import natted_networks

OFF: Final = ("", "DISABLE_GOOGLE_ACCESS")


def _check(stack: Stack) -> Iterator[Finding]:
    natted = natted_networks(stack)

    def look(subnetwork: Seen) -> Iterator[str]:
        if subnetwork.text("privateIpv6GoogleAccess") not in OFF:
            yield "its hosts reach Google over IPv6"
        if any(one.urn in natted for one in stack.linked(subnetwork, "network", NETWORK)):
            return
        if subnetwork.flag("privateIpGoogleAccess"):
            yield "hosts without a public address reach all that is hosted at Google"

    yield from each(stack.of(SUBNETWORK), look)


RULE: Final = StackRule(
    id="gcp-subnetwork-sealed",
    title="A sealed site's subnets have no Private Google Access.",
    why="Through a bucket of somebody else's a signer that is broken into gives its key shard away.",
    remedy="set private_ip_google_access to False, or the site's egress to nat",
    severity=Severity.HIGH,
    tags=("egress",),
    check=_check,
)
