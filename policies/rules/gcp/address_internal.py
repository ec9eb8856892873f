"""A private address is reserved in its subnet for an instance: without a subnet Google picks one, elsewhere."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import ADDRESS


def _check(address: Seen) -> Iterator[str]:
    if address.text("addressType") != "INTERNAL":
        return
    if address.text("purpose") != "GCE_ENDPOINT":
        yield "it is not reserved for an instance"
    if "subnetwork" not in list(address.values):
        yield "it is in no subnet that is named"
    if not address.text("address"):
        yield "Google picks it, and the plan does not know it"


RULE: Final = Rule(
    id="gcp-address-internal",
    title="A private address is the plan's own, in a named subnet, for an instance.",
    why="Tunnels and firewalls name a signer by its planned address: with another one it cannot be reached.",
    remedy='set subnetwork, address and purpose="GCE_ENDPOINT"',
    severity=Severity.LOW,
    tags=("hygiene",),
    types=frozenset({ADDRESS}),
    check=_check,
)
