"""Cases of digitalocean-vpc-range."""

from policies.rules.digitalocean.vpc_range import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.vpc(),
    fails={
        "not said": drop("ipRange"),
        "empty": put("ipRange", ""),
        "public": put("ipRange", "198.51.100.0/24"),
        "wider than what is private": put("ipRange", "10.0.0.0/7"),
        "IPv6": put("ipRange", "fd00::/48"),
        "no range": put("ipRange", "site"),
        "an odd shape": put("ipRange", 10),
    },
    passes={"another private one": put("ipRange", "192.168.4.0/24"), "one more": put("ipRange", "172.20.0.0/16")},
    defers={"unknown": unknown("ipRange")},
)
