"""Cases of fleet-sentry-p2p."""

from policies.rules.fleet.sentry_p2p import RULE
from tests.support.policy_cases import Cases, all_of, on, put, unknown
from tests.support.policy_samples.fleet import AWS, DO, GCP, fleet, opened

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "its RPC": opened("s1-sentry", "0.0.0.0/0", port=26657),
        "its RPC over IPv6": opened("s1-sentry", "::/0", port=26657, field="cidrIpv6"),
        "all its TCP": opened("s1-sentry", "0.0.0.0/0", port=-1),
        "everything": opened("s1-sentry", "0.0.0.0/0", port=26656, protocol="-1"),
        "UDP of the same number": opened("s1-sentry", "0.0.0.0/0", port=26656, protocol="udp"),
        "TCP by its number": opened("s1-sentry", "0.0.0.0/0", port=26657, protocol="6"),
        "a range that begins with it": opened("s1-sentry", "0.0.0.0/0", port=26656, last=26657),
        "GCP, two ports": on(
            "s2-sentry-tcp-26656-from-ranges",
            put("allows", [{"protocol": "tcp", "ports": ["26656", "26660"]}]),
            type=GCP,
        ),
        "GCP, a second protocol": on(
            "s2-sentry-tcp-26656-from-ranges",
            put("allows", [{"protocol": "tcp", "ports": ["26656"]}, {"protocol": "udp"}]),
            type=GCP,
        ),
        "GCP, no port said": on("s2-sentry-tcp-26656-from-ranges", put("allows", [{"protocol": "tcp"}]), type=GCP),
        "DigitalOcean, all ports": on("s3-sentry-base", put("inboundRules.2.portRange", "all"), type=DO),
        "DigitalOcean, an office": on(
            "s3-sentry-base",
            put("inboundRules.1", {"protocol": "tcp", "portRange": "22", "sourceAddresses": ["198.18.0.0/24"]}),
            type=DO,
        ),
    },
    passes={
        "its p2p port once more": opened("s1-sentry", "198.18.0.0/16", port=26656),
        "ICMP": opened("s1-sentry", "0.0.0.0/0", protocol="icmp"),
        "ICMP by its number": opened("s1-sentry", "0.0.0.0/0", protocol="1"),
        "ICMPv6": opened("s1-sentry", "::/0", protocol="icmpv6", field="cidrIpv6"),
        "ICMPv6 by its number": opened("s1-sentry", "::/0", protocol="58", field="cidrIpv6"),
        "a gateway's ports": opened("s1-gateway", "0.0.0.0/0", port=26657),
    },
    defers={
        "an unknown range that is linked to nothing": all_of(
            opened("s1-sentry", "", port=26656), on("extra", unknown("cidrIpv4"), type=AWS)
        ),
    },
)
