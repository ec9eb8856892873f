"""Private hosts have no address that the Internet can reach: an access configuration is what gives an instance one."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import Block
from policies.roles import is_public
from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE


def _interface(interface: Block) -> Iterator[str]:
    if interface.get("accessConfigs"):
        yield "it has a public IPv4 address"
    if interface.get("ipv6AccessConfigs"):
        yield "it has a public IPv6 address"


def _check(instance: Seen) -> Iterator[str]:
    if not is_public(instance):
        yield from instance.each_block("networkInterfaces", _interface)


RULE: Final = Rule(
    id="gcp-instance-private",
    title="Only gateways and sentries have public addresses.",
    why="A validator or cosigner that the Internet can reach is attacked where the stake is.",
    remedy="leave access_configs and ipv6_access_configs of network_interfaces out",
    severity=Severity.CRITICAL,
    tags=("exposure",),
    answers=("CKV_GCP_40", "GCP-0031", "compute_instance_public_ip"),
    waivable=False,
    types=frozenset({INSTANCE}),
    check=_check,
)
