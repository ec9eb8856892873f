"""Cases of gcp-route-tagged."""

from policies.rules.gcp.route_tagged import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.route(),
    fails={
        "no tags": drop("tags"),
        "an empty list": put("tags", []),
        "tags of an odd shape": put("tags", "public"),
        "by an instance": put("nextHopInstance", "s2-sentry-1"),
        "by an address": put("nextHopIp", "10.2.0.32"),
        "by a load balancer": put("nextHopIlb", "10.2.0.99"),
        "by a tunnel": put("nextHopVpnTunnel", "other"),
        "by an address, behind what is unknown": all_of(unknown("nextHopInstance"), put("nextHopIp", "10.2.0.32")),
    },
    passes={"an empty hop": put("nextHopIp", "")},
    defers={"tags unknown": unknown("tags"), "a hop unknown": unknown("nextHopIp")},
)
