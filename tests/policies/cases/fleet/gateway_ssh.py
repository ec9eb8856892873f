"""Cases of fleet-gateway-ssh."""

from policies.rules.fleet.gateway_ssh import RULE
from tests.support.policy_cases import Cases, all_of, on, put, unknown
from tests.support.policy_samples.fleet import AWS, GCP, fleet, intending, opened

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "SSH from anywhere": opened("s1-gateway", "0.0.0.0/0", port=22),
        "SSH over IPv6": opened("s1-gateway", "::/0", port=22, field="cidrIpv6"),
        "SSH from an office that is not named": opened("s1-gateway", "198.18.0.2/32", port=22),
        "another protocol at the number of SSH": opened("s1-gateway", "198.18.0.1/32", port=22, protocol="132"),
        "HTTPS from an admin range": opened("s1-gateway", "198.18.0.1/32", port=443),
        "more than SSH from an admin range": opened("s1-gateway", "198.18.0.1/32", port=22, last=23),
        "everything from an admin range": opened("s1-gateway", "198.18.0.1/32", port=22, protocol="-1"),
        "an admin range that is gone": intending(lambda config: config["access"].update(admin_cidrs=["198.18.0.9/32"])),
        "GCP": on("s2-gateway-tcp-22-from-ranges", put("sourceRanges", ["198.18.0.1/32", "0.0.0.0/0"]), type=GCP),
    },
    passes={
        "SSH from an admin range once more": opened("s1-gateway", "198.18.0.1/32", port=22),
        "ICMP": opened("s1-gateway", "0.0.0.0/0", protocol="icmp"),
        "UDP, which is another rule's": opened("s1-gateway", "0.0.0.0/0", port=51840, protocol="udp"),
        "a sentry's p2p port": opened("s1-sentry", "0.0.0.0/0", port=26656),
    },
    defers={
        "an unknown range that is linked to nothing": all_of(
            opened("s1-sentry", "", port=26656), on("extra", unknown("cidrIpv4"), type=AWS)
        ),
    },
)
