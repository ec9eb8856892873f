"""Cases of digitalocean-droplet-ipv6."""

from policies.rules.digitalocean.droplet_ipv6 import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "on": put("ipv6", True),
        "an address": put("ipv6Address", "2001:db8::1"),
        "an odd shape": put("ipv6", "true"),
    },
    passes={"not said": drop("ipv6"), "address empty": put("ipv6Address", "")},
    defers={"unknown": unknown("ipv6"), "address unknown": unknown("ipv6Address")},
)
