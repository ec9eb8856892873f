"""The gateway is the only way in by SSH: operators' addresses reach it, and it alone reaches the hosts of its site."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet import ports
from policies.blocks import Block, patiently
from policies.ranges import is_wide
from policies.roles import tagged_role
from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import FIREWALL, span


def _check(firewall: Seen) -> Iterator[str]:
    def rule(one: Block) -> Iterator[str]:
        first, last = span(one)
        if one.text("protocol") != "tcp" or not first <= ports.SSH <= last:
            return

        def address(cidr: str) -> Iterator[str]:
            if is_wide(cidr):
                yield f"{cidr} reaches SSH, which is too wide for operators"
            elif not _gateway(firewall):
                yield f"{cidr} reaches SSH past the gateway"

        def tag(name: str) -> Iterator[str]:
            sites = [own.rpartition("-")[0] for own in firewall.texts("tags")]
            if _gateway(firewall) or name not in [f"{site}-gateway" for site in sites]:
                yield f"droplets tagged {name} reach SSH"

        looks = (("sourceAddresses", address), ("sourceTags", tag))
        yield from patiently(looks, lambda look: one.each_text(*look))

    yield from firewall.each_block("inboundRules", rule)


def _gateway(firewall: Seen) -> bool:
    return tagged_role(firewall) == "gateway"


RULE: Final = Rule(
    id="digitalocean-firewall-ssh",
    title="SSH goes from operators' addresses to the gateway, and from the gateway to its site.",
    why="A second way in is one that no log of the gateway shows and no one address closes.",
    remedy="let the gateway's firewall name access.admin_cidrs alone, and all others the gateway's tag alone",
    severity=Severity.CRITICAL,
    tags=("exposure", "identity"),
    waivable=False,
    types=frozenset({FIREWALL}),
    check=_check,
)
