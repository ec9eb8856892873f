"""Cases of fleet-private-closed."""

from policies.rules.fleet.private_closed import RULE
from tests.support.policy_cases import Cases, all_of, on, put, unknown
from tests.support.policy_samples.fleet import ACCOUNT, AWS, DO, GCP, fleet, linking, opened

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a validator to the Internet": opened("s1-validator", "0.0.0.0/0", port=26656),
        "a cosigner to IPv6": opened("s1-cosigner", "::/0", port=2222, field="cidrIpv6"),
        "a cosigner to an address of nobody's": opened("s1-cosigner", "198.18.0.1/32", port=22),
        "a validator to all of its site": opened("s1-validator", "10.1.0.0/16", port=26656),
        "ICMP to the Internet": opened("s1-validator", "0.0.0.0/0", protocol="icmp"),
        "ICMP from what is no range": opened("s1-validator", "anywhere", protocol="icmp"),
        "a prefix list": opened("s1-cosigner", "", port=22, field="cidrIpv4", more=put("prefixListId", "pl-1")),
        "what is no range": opened("s1-validator", "anywhere", port=26656),
        "a group of nobody's": opened("s1-cosigner", "", port=22, more=put("referencedSecurityGroupId", "sg-1")),
        "a rule of no group of ours": all_of(
            opened("s1-sentry", "0.0.0.0/0", port=26656), on("extra", linking("securityGroupId"), type=AWS)
        ),
        "GCP, a rule without a target": on(
            "s2-sentry-tcp-26656-from-ranges", linking("targetServiceAccounts"), type=GCP
        ),
        "GCP, another target": on(
            "s2-sentry-tcp-26656-from-ranges",
            linking("targetServiceAccounts", f"{ACCOUNT}::s2-validator"),
            type=GCP,
        ),
        "GCP, network tags": on("s2-cosigner-tcp-22-from-groups", put("sourceTags", ["any"]), type=GCP),
        "GCP, accounts of nobody's": on(
            "s2-cosigner-tcp-22-from-groups",
            put("sourceServiceAccounts", ["x@y"]),
            linking("sourceServiceAccounts"),
            type=GCP,
        ),
        "DigitalOcean, the Internet": on(
            "s3-cosigner-base", put("inboundRules.0.sourceAddresses", ["10.3.0.0/16", "0.0.0.0/0"]), type=DO
        ),
        "DigitalOcean, droplets by number": on(
            "s3-cosigner-base", put("inboundRules.0.sourceDropletIds", [7]), type=DO
        ),
        "DigitalOcean, a load balancer": on(
            "s3-cosigner-base", put("inboundRules.0.sourceLoadBalancerUids", ["x"]), type=DO
        ),
        "DigitalOcean, a cluster": on("s3-cosigner-base", put("inboundRules.0.sourceKubernetesIds", ["x"]), type=DO),
        "DigitalOcean, tags of nobody's": on("s3-cosigner-base", put("inboundRules.0.sourceTags", ["office"]), type=DO),
        "DigitalOcean, a firewall for nobody's tags": on("s3-sentry-base", put("tags", ["web"]), type=DO),
        "DigitalOcean, a firewall for no tags": on("s3-sentry-base", put("tags", []), type=DO),
        "DigitalOcean, an odd port": on("s3-cosigner-base", put("inboundRules.1.portRange", "ssh"), type=DO),
    },
    passes={
        "ICMP from a range that is not written as one": opened("s1-validator", "10.1.4.7/24", protocol="icmp"),
        "ICMP from its site": opened("s1-validator", "10.1.4.0/24", protocol="icmp"),
        "a rule that opens nothing": opened("s1-validator", "", port=26656),
        "GCP, a rule that is off": all_of(
            on("s2-sentry-tcp-26656-from-ranges", linking("targetServiceAccounts"), put("disabled", True), type=GCP)
        ),
        "GCP, a way out": all_of(
            on(
                "s2-sentry-tcp-26656-from-ranges",
                linking("targetServiceAccounts"),
                put("direction", "EGRESS"),
                type=GCP,
            )
        ),
        "GCP, a rule that denies": all_of(
            on(
                "s2-sentry-tcp-26656-from-ranges",
                linking("targetServiceAccounts"),
                put("denies", [{"protocol": "all"}]),
                put("allows", []),
                type=GCP,
            )
        ),
    },
    defers={
        "an unknown range that is linked to nothing": all_of(
            opened("s1-sentry", "", port=26656), on("extra", unknown("cidrIpv4"), type=AWS)
        ),
    },
)
