"""Cases of digitalocean-firewall-egress."""

from policies.rules.digitalocean.firewall_egress import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

COSIGNER = do.firewall("cosigner")

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "a sentry by udp": put("outboundRules.0.protocol", "udp"),
        "a sentry by udp to 443": put("outboundRules.0", do.outbound("udp", "443", ["0.0.0.0/0"])),
        "a sentry by icmp": put("outboundRules.1", do.outbound("icmp", "", ["0.0.0.0/0"])),
        "a sentry by udp over IPv6": put("outboundRules.1", do.outbound("udp", "443", ["::/0"])),
        "a wide range second": put("outboundRules.2", do.outbound("udp", "123", ["198.18.0.1/32", "198.0.0.0/8"])),
        "a cosigner, another port": lambda _: put("outboundRules.1.portRange", "80")(COSIGNER),
        "a cosigner, a range from 443": lambda _: put("outboundRules.1.portRange", "443-444")(COSIGNER),
        "a cosigner, a range to 443": lambda _: put("outboundRules.1.portRange", "442-443")(COSIGNER),
        "a cosigner, all ports": lambda _: put("outboundRules.1.portRange", "all")(COSIGNER),
        "a cosigner, by udp": lambda _: put("outboundRules.1.protocol", "udp")(COSIGNER),
        "a gateway, all ports": lambda _: put("outboundRules.1.portRange", "all")(do.firewall("gateway")),
        "no role": put("tags", []),
        "beside an unknown": all_of(put("outboundRules.0.protocol", "udp"), unknown("outboundRules.1.protocol")),
        "an odd shape": put("outboundRules.0.destinationAddresses", 7),
    },
    passes={
        "a cosigner": lambda _: COSIGNER,
        "a gateway": lambda _: do.firewall("gateway"),
        "a cosigner, role unknown": lambda _: unknown("tags")(COSIGNER),
        "one address": put("outboundRules.0", do.outbound("udp", "123", ["162.159.200.1/32"])),
        "no rules": drop("outboundRules"),
        "peers": lambda _: do.firewall("gateway", "peers"),
    },
    defers={
        "role unknown": unknown("tags"),
        "rules unknown": unknown("outboundRules"),
        "an address unknown": unknown("outboundRules.0.destinationAddresses.0"),
    },
)
