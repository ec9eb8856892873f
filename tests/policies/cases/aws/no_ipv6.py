"""Cases of aws-no-ipv6."""

from policies.rules.aws.no_ipv6 import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import aws

BLOCK = "2600:1f18:1234:5600::/56"
SUBNET, INSTANCE, ROUTE = (aws.instead(one) for one in (aws.subnet(), aws.instance(), aws.route()))
INGRESS, EGRESS = aws.instead(aws.p2p_from_anywhere()), aws.instead(aws.p2p_out())

CASES = Cases(
    rule=RULE,
    good=aws.vpc(),
    fails={
        "block of a VPC": put("assignGeneratedIpv6CidrBlock", True),
        "block of a VPC by name": put("ipv6CidrBlock", BLOCK),
        "block of a subnet": all_of(SUBNET, put("ipv6CidrBlock", BLOCK)),
        "addresses in a subnet": all_of(SUBNET, put("assignIpv6AddressOnCreation", True)),
        "count": all_of(INSTANCE, put("ipv6AddressCount", 1.0)),
        "addresses": all_of(INSTANCE, put("ipv6Addresses", ["2600:1f18:1234:5600::7"])),
        "primary": all_of(INSTANCE, put("enablePrimaryIpv6", True)),
        "route": all_of(ROUTE, put("destinationIpv6CidrBlock", "::/0")),
        "ingress": all_of(INGRESS, put("cidrIpv6", "::/0")),
        "egress": all_of(EGRESS, put("cidrIpv6", "2600::/12")),
        "one unknown, one set": all_of(unknown("ipv6CidrBlock"), put("assignGeneratedIpv6CidrBlock", True)),
    },
    passes={
        "subnet": SUBNET,
        "instance": INSTANCE,
        "route": ROUTE,
        "ingress": INGRESS,
        "egress": EGRESS,
        "said to be off": all_of(put("assignGeneratedIpv6CidrBlock", False), put("ipv6CidrBlock", "")),
        "no addresses": all_of(INSTANCE, put("ipv6Addresses", []), put("ipv6AddressCount", 0.0)),
        "something else unknown": all_of(INSTANCE, unknown("subnetId")),
    },
    defers={"block unknown": unknown("ipv6CidrBlock")},
)
