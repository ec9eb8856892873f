"""Cases of aws-vpc-range."""

from policies.rules.aws.vpc_range import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.vpc(),
    fails={
        "public": put("cidrBlock", "8.8.0.0/16"),
        "wider than private": put("cidrBlock", "10.0.0.0/7"),
        "shared": put("cidrBlock", "100.64.0.0/16"),
        "IPv6": put("cidrBlock", "fd00::/56"),
        "no range": put("cidrBlock", "ten"),
        "not said": drop("cidrBlock"),
        "pool": put("ipv4IpamPoolId", "ipam-pool-0123456789abcdef0"),
        "tenancy": put("instanceTenancy", "dedicated"),
        "pool, range unknown": all_of(put("ipv4IpamPoolId", "ipam-pool-0123456789abcdef0"), unknown("cidrBlock")),
    },
    passes={
        "172": put("cidrBlock", "172.16.0.0/16"),
        "192": put("cidrBlock", "192.168.0.0/20"),
        "no pool": put("ipv4IpamPoolId", ""),
        "default tenancy": put("instanceTenancy", "default"),
    },
    defers={"unknown": unknown("cidrBlock")},
)
