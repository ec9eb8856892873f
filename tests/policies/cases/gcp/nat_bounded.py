"""Cases of gcp-nat-bounded."""

from policies.rules.gcp.nat_bounded import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.nat(),
    fails={
        "addresses of Google's": put("natIpAllocateOption", "AUTO_ONLY"),
        "every subnet": put("sourceSubnetworkIpRangesToNat", "ALL_SUBNETWORKS_ALL_IP_RANGES"),
        "IPv6": put("sourceSubnetworkIpRangesToNat64", "ALL_IPV6_SUBNETWORKS"),
        "no log": drop("logConfig"),
        "a log that is off": put("logConfig.enable", False),
        "a log of errors": put("logConfig.filter", "ERRORS_ONLY"),
        "an odd shape": put("natIpAllocateOption", ["MANUAL_ONLY"]),
    },
    defers={"unknown": unknown("logConfig")},
)
