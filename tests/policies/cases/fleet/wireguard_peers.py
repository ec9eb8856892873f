"""Cases of fleet-wireguard-peers."""

from dataclasses import replace

from policies.rules.fleet.wireguard_peers import RULE
from tests.support.policy_cases import Cases, Sample, all_of, on, put, unknown
from tests.support.policy_samples.fleet import AWS, DO, fleet, linking, one, opened


def known_address() -> Sample:
    return replace(one("aws:ec2/eip:Eip", "s1-sentry-1")(), name="s1-sentry-9", outputs={"publicIp": "198.18.77.1"})


CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a gateway's tunnels to anybody": opened("s1-gateway", "0.0.0.0/0", port=51840, protocol="udp"),
        "UDP by its number": opened("s1-gateway", "0.0.0.0/0", port=51840, protocol="17"),
        "a sentry's tunnel to IPv6": opened("s1-sentry", "::/0", port=51820, protocol="udp", field="cidrIpv6"),
        "a stranger": opened("s1-sentry", "198.18.200.7/32", port=51820, protocol="udp"),
        "every protocol": opened("s1-sentry", "198.18.200.7/32", port=51820, protocol="all"),
        "a range around a metal host": opened("s1-gateway", "198.19.0.0/24", port=51840, protocol="udp"),
        "DigitalOcean": on(
            "s3-sentry-base",
            put("inboundRules.1", {"protocol": "udp", "portRange": "51820", "sourceAddresses": ["192.0.2.1"]}),
            type=DO,
        ),
    },
    passes={
        "a metal host": opened("s1-gateway", "198.19.0.9/32", port=51840, protocol="udp"),
        "TCP": opened("s1-sentry", "0.0.0.0/0", port=26656),
        "a gateway whose address is known by now": all_of(
            lambda given: [*given, known_address()],
            opened("s1-gateway", "198.18.77.1/32", port=51840, protocol="udp"),
            on("extra", linking("cidrIpv4", "aws:ec2/eip:Eip::s1-sentry-9"), type=AWS),
        ),
    },
    defers={
        "an unknown range that is linked to nothing": all_of(
            opened("s1-sentry", "", port=26656), on("extra", unknown("cidrIpv4"), type=AWS)
        ),
    },
)
