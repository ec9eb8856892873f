"""Cases of aws-egress-wide."""

from policies.rules.aws.egress_wide import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, plus, put, put_key, unknown
from tests.support.policy_samples import aws

SENTRY, HTTPS, PROXY = aws.p2p_out(), aws.https_out(), aws.proxy_to_gateway()

CASES = Cases(
    rule=RULE,
    good=(*(aws.security_group(role) for role in ("gateway", "sentry", "validator", "cosigner")), SENTRY, HTTPS, PROXY),
    fails={
        "sentry to everywhere": on(SENTRY.name, put("cidrIpv4", "0.0.0.0/0")),
        "sentry to everywhere over IPv6": on(SENTRY.name, put("cidrIpv6", "::/0")),
        "HTTPS to everywhere": on(HTTPS.name, put("cidrIpv4", "0.0.0.0/0")),
        "HTTPS to everywhere over IPv6": on(HTTPS.name, drop("cidrIpv4"), put("cidrIpv6", "::/0")),
        "HTTP": on(HTTPS.name, put("fromPort", 80.0), put("toPort", 80.0)),
        "HTTPS and more": on(HTTPS.name, put("toPort", 444.0)),
        "up to HTTPS": on(HTTPS.name, put("fromPort", 442.0)),
        "HTTPS over UDP": on(HTTPS.name, put("ipProtocol", "udp")),
        "HTTPS over everything": on(HTTPS.name, put("ipProtocol", "-1")),
        "no ports": on(HTTPS.name, drop("fromPort"), drop("toPort")),
        "sentry over UDP": on(SENTRY.name, put("ipProtocol", "udp")),
        "all ports of a validator": plus(aws.p2p_out("validator")),
        "all ports of a gateway": plus(aws.p2p_out("gateway")),
        "all ports over IPv6": plus(put("cidrIpv6", "2600::/12")(drop("cidrIpv4")(aws.p2p_out("validator")))),
        "wide by a little": plus(put("cidrIpv4", "198.18.0.0/23")(aws.p2p_out("validator"))),
        "a group of no role": on("s1-sentry", put("tags", {}), having(name="s1-odd")),
        "a group of another role": on("s1-sentry", put_key("tags", "redoubt:role", "cosigner")),
        "a group from elsewhere": on(SENTRY.name, having(dependencies={})),
        "groups of two roles": on(SENTRY.name, having(dependencies={"securityGroupId": ("s1-sentry", "s1-validator")})),
        "one unknown, one wide": all_of(on(PROXY.name, unknown("cidrIpv4")), plus(aws.p2p_out("validator"))),
    },
    passes={
        "a small range": plus(put("cidrIpv4", "198.18.0.0/24")(aws.p2p_out("validator"))),
        "HTTPS over IPv6": on(HTTPS.name, drop("cidrIpv4"), put("cidrIpv6", "2600::/12")),
        "empty": on(PROXY.name, put("cidrIpv4", "")),
    },
    defers={
        "unknown address": on(PROXY.name, unknown("cidrIpv4")),
        "unknown address of a sentry": on(SENTRY.name, unknown("cidrIpv4")),
    },
)
