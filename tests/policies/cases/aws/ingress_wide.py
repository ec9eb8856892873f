"""Cases of aws-ingress-wide."""

from policies.rules.aws.ingress_wide import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

SSH = all_of(put("fromPort", 22.0), put("toPort", 22.0))
PATH_MTU = aws.instead(aws.path_mtu())

CASES = Cases(
    rule=RULE,
    good=aws.p2p_from_anywhere(),
    fails={
        "SSH": SSH,
        "SSH from half of it": all_of(SSH, put("cidrIpv4", "128.0.0.0/1")),
        "SSH from a wide range": all_of(SSH, put("cidrIpv4", "198.18.0.0/23")),
        "SSH from no range": all_of(SSH, put("cidrIpv4", "anywhere")),
        "SSH over IPv6": all_of(SSH, drop("cidrIpv4"), put("cidrIpv6", "::/0")),
        "SSH over a wide IPv6 range": all_of(SSH, drop("cidrIpv4"), put("cidrIpv6", "2600::/47")),
        "SSH over IPv6 beside an operator": all_of(SSH, put("cidrIpv4", "198.18.0.1/32"), put("cidrIpv6", "::/0")),
        "RPC": all_of(put("fromPort", 26657.0), put("toPort", 26657.0)),
        "p2p and RPC": put("toPort", 26657.0),
        "up to p2p": put("fromPort", 26655.0),
        "p2p over UDP": put("ipProtocol", "udp"),
        "p2p over everything": put("ipProtocol", "-1"),
        "no ports": all_of(drop("fromPort"), drop("toPort")),
        "ping": all_of(PATH_MTU, put("fromPort", 8.0), put("toPort", 0.0)),
        "all of type 3": all_of(PATH_MTU, put("toPort", -1.0)),
        "another type": all_of(PATH_MTU, put("fromPort", 4.0)),
        "ICMP with the p2p port": put("ipProtocol", "icmp"),
        "TCP to the ports of path MTU": all_of(PATH_MTU, put("ipProtocol", "tcp")),
        "range of an odd shape": all_of(SSH, put("cidrIpv4", ["0.0.0.0/0"])),
    },
    passes={
        "path MTU": PATH_MTU,
        "p2p over IPv6": put("cidrIpv6", "::/0"),
        "SSH from an operator": all_of(SSH, put("cidrIpv4", "198.18.0.0/24")),
        "SSH from an operator over IPv6": all_of(SSH, drop("cidrIpv4"), put("cidrIpv6", "2600:1f18:1234::/48")),
        "SSH from a group": aws.instead(aws.ssh_from_gateway()),
        "p2p from an address that is not known yet": unknown("cidrIpv4"),
    },
    defers={
        "SSH from an unknown address": all_of(SSH, unknown("cidrIpv4")),
        "SSH from an unknown IPv6 address": all_of(SSH, put("cidrIpv4", ""), unknown("cidrIpv6")),
    },
)
