"""Cases of gcp-network-custom."""

from policies.rules.gcp.network_custom import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.network(),
    fails={
        "automatic subnets": put("autoCreateSubnetworks", True),
        "automatic subnets by default": drop("autoCreateSubnetworks"),
        "default routes": put("deleteDefaultRoutesOnCreate", False),
        "default routes by default": drop("deleteDefaultRoutesOnCreate"),
        "global routes": put("routingMode", "GLOBAL"),
        "routes not said": drop("routingMode"),
        "policies first": put("networkFirewallPolicyEnforcementOrder", "BEFORE_CLASSIC_FIREWALL"),
        "the default network": put("name", "default"),
        "an odd shape": put("autoCreateSubnetworks", "false"),
    },
    passes={"policies last": put("networkFirewallPolicyEnforcementOrder", "AFTER_CLASSIC_FIREWALL")},
    defers={"unknown": unknown("autoCreateSubnetworks")},
)
