"""Cases of digitalocean-firewall-ingress."""

from policies.rules.digitalocean.firewall_ingress import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

P2P = "inboundRules.2"

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "another port": put(f"{P2P}.portRange", "26657"),
        "SSH": put(f"{P2P}.portRange", "22"),
        "a range from the p2p port": put(f"{P2P}.portRange", "26656-26657"),
        "a range to the p2p port": put(f"{P2P}.portRange", "26655-26656"),
        "all ports": put(f"{P2P}.portRange", "all"),
        "all ports, as the API writes it": put(f"{P2P}.portRange", "0"),
        "no port": drop(f"{P2P}.portRange"),
        "udp": put(f"{P2P}.protocol", "udp"),
        "a protocol that there is not": put(f"{P2P}.protocol", "any"),
        "another port from IPv6": put("inboundRules.1", do.inbound("tcp", "22", ["::/0"])),
        "a wide range second": put("inboundRules.1", do.inbound("tcp", "22", ["198.18.0.1/32", "198.0.0.0/8"])),
        "a wide private range": put("inboundRules.1", do.inbound("tcp", "22", ["10.3.0.0/16"])),
        "no range": put("inboundRules.1", do.inbound("tcp", "22", ["everybody"])),
        "a rule more": put("inboundRules", [do.inbound("udp", "51820", ["0.0.0.0/0"])]),
        "p2p of a gateway": lambda _: put("inboundRules.1", do.inbound("tcp", "26656", ["0.0.0.0/0"]))(
            do.firewall("gateway")
        ),
        "p2p of a validator": put("tags", [do.tag_of("validator")]),
        "p2p of no role": put("tags", []),
        "p2p of two roles": put("tags", [do.tag_of("sentry"), do.tag_of("validator")]),
        "icmp of a cosigner": lambda _: put("inboundRules.0.sourceAddresses", ["10.3.0.0/16", "0.0.0.0/0"])(
            do.firewall("cosigner")
        ),
        "icmp of a cosigner from IPv6": lambda _: put("inboundRules.0.sourceAddresses", ["::/0"])(
            do.firewall("cosigner")
        ),
        "an odd shape": put(f"{P2P}.sourceAddresses", 7),
        "an odd rule": put(P2P, "tcp"),
        "wide beside an unknown": all_of(put(f"{P2P}.portRange", "22"), unknown("inboundRules.0.sourceAddresses")),
    },
    passes={
        "no rules": drop("inboundRules"),
        "a peer's address": put("inboundRules.1", do.inbound("udp", "51820", ["198.18.26.98/32"])),
        "an IPv6 peer": put("inboundRules.1", do.inbound("udp", "51820", ["2001:db8::1/128"])),
        "a gateway": lambda _: do.firewall("gateway"),
        "a cosigner": lambda _: do.firewall("cosigner"),
        "icmp of a cosigner, an address with its range": lambda _: put(
            "inboundRules.0.sourceAddresses.0", "10.3.0.1/16"
        )(do.firewall("cosigner")),
        "peers": lambda _: do.firewall("gateway", "peers"),
        "a narrow rule, role unknown": lambda _: unknown("tags")(do.firewall("gateway", "peers")),
    },
    defers={
        "role unknown": unknown("tags"),
        "rules unknown": unknown("inboundRules"),
        "an address unknown": unknown(f"{P2P}.sourceAddresses.0"),
        "a port unknown": unknown(f"{P2P}.portRange"),
    },
)
