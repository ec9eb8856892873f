"""A rule names its traffic: one protocol, a few ports, and a peer whose addresses change only by an update.

The widest range that the program opens inwards is the relay ports of all sites, 12,864 of them (fleet/ports.py).
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen

INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
WIDEST: Final = 16384
"""More ports than this are all ports, to whoever looks for one."""


def _check(rule: Seen) -> Iterator[str]:
    protocol = rule.text("ipProtocol")
    if protocol not in ("tcp", "udp", "icmp"):
        yield "it is for every protocol, or for one that no host speaks"
    first, last = rule.number("fromPort"), rule.number("toPort")
    if first is None or last is None or min(first, last) < 0:
        yield "it names no ports"
    elif rule.type == INGRESS and last - first >= WIDEST:
        yield "it opens nearly all ports"
    if rule.text("prefixListId"):
        yield "its peers are a prefix list, which changes without an update"


RULE: Final = Rule(
    id="aws-group-traffic",
    title="A firewall rule names one protocol, its ports, and a peer that is no prefix list.",
    why="A rule for everything opens the signer's and the metrics' ports along with the one that was meant.",
    remedy='set ip_protocol to "tcp", "udp" or "icmp", with from_port and to_port, and a range or group as the peer',
    severity=Severity.HIGH,
    tags=("exposure",),
    answers=(
        "CKV_AWS_277",
        "CKV_AWS_382",
        "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
    ),
    types=frozenset({INGRESS, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"}),
    check=_check,
)
