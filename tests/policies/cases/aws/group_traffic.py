"""Cases of aws-group-traffic."""

from policies.rules.aws.group_traffic import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

EGRESS = aws.instead(aws.proxy_to_gateway())

CASES = Cases(
    rule=RULE,
    good=aws.ssh_from_gateway(),
    fails={
        "every protocol": all_of(put("ipProtocol", "-1"), drop("fromPort"), drop("toPort")),
        "every protocol with ports": put("ipProtocol", "-1"),
        "protocol by number": put("ipProtocol", "6"),
        "ICMP for IPv6": put("ipProtocol", "icmpv6"),
        "protocol not said": drop("ipProtocol"),
        "no first port": drop("fromPort"),
        "no last port": drop("toPort"),
        "every ICMP type": all_of(aws.instead(aws.path_mtu()), put("fromPort", -1.0)),
        "every ICMP code": all_of(aws.instead(aws.path_mtu()), put("toPort", -1.0)),
        "all ports": all_of(put("fromPort", 0.0), put("toPort", 65535.0)),
        "one port too many": all_of(put("fromPort", 1000.0), put("toPort", 17384.0)),
        "prefix list": put("prefixListId", "pl-0123456789abcdef0"),
        "egress for every protocol": all_of(EGRESS, put("ipProtocol", "-1")),
        "egress to a prefix list": all_of(EGRESS, put("prefixListId", "pl-0123456789abcdef0")),
        "egress without ports": all_of(EGRESS, drop("toPort")),
        "every protocol, prefix list unknown": all_of(put("ipProtocol", "-1"), unknown("prefixListId")),
        "ports of an odd shape": put("toPort", "22"),
    },
    passes={
        "as many ports as may be": all_of(put("fromPort", 1000.0), put("toPort", 17383.0)),
        "port 0": all_of(put("fromPort", 0.0), put("toPort", 0.0)),
        "UDP": put("ipProtocol", "udp"),
        "path MTU": aws.instead(aws.path_mtu()),
        "egress": EGRESS,
        "all ports out": aws.instead(aws.p2p_out()),
        "no prefix list": put("prefixListId", ""),
    },
    defers={"prefix list unknown": unknown("prefixListId"), "protocol unknown": unknown("ipProtocol")},
)
