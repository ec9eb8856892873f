"""Cases of digitalocean-firewall-ssh."""

from policies.rules.digitalocean.firewall_ssh import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

GATEWAY = do.firewall("gateway")

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "another group's tag": put("inboundRules.1", do.inbound("tcp", "22", None, "monitor")),
        "another group's tag second": put("inboundRules.1", do.inbound("tcp", "22", None, "gateway", "monitor")),
        "the gateway of another site": put("inboundRules.1.sourceTags", ["redoubt-testnet-s2-gateway"]),
        "an operator past the gateway": put("inboundRules.1", do.inbound("tcp", "22", ["198.18.0.1/32"])),
        "everybody": put("inboundRules.1", do.inbound("tcp", "22", ["0.0.0.0/0"])),
        "a range up to 22": put("inboundRules.2.portRange", "20-22"),
        "a range from 22": put("inboundRules.2.portRange", "22-23"),
        "all ports": put("inboundRules.2.portRange", "all"),
        "a range backwards": put("inboundRules.2.portRange", "23-20"),
        "everybody to the gateway": lambda _: put("inboundRules.1.sourceAddresses", ["198.18.0.1/32", "0.0.0.0/0"])(
            GATEWAY
        ),
        "everybody to the gateway by IPv6": lambda _: put("inboundRules.1.sourceAddresses", ["::/0"])(GATEWAY),
        "a sentry to the gateway": lambda _: put("inboundRules.1", do.inbound("tcp", "22", None, "sentry"))(GATEWAY),
        "the gateway to itself": lambda _: put("inboundRules.1", do.inbound("tcp", "22", None, "gateway"))(GATEWAY),
        "a firewall of no group": put("tags", []),
        "wide beside unknown tags": put("inboundRules.1", do.inbound("tcp", "22", ["0.0.0.0/0"], "gateway")),
        "wide, sources unknown": all_of(
            put("inboundRules.1", do.inbound("tcp", "22", None, "monitor")), unknown("inboundRules.0.protocol")
        ),
        "an odd shape": put("inboundRules.1.sourceTags", "web"),
    },
    passes={
        "no rules": drop("inboundRules"),
        "a gateway": lambda _: GATEWAY,
        "a second operator": lambda _: put("inboundRules.1.sourceAddresses", ["198.18.0.1/32", "198.18.0.0/24"])(
            GATEWAY
        ),
        "another port": put("inboundRules.1", do.inbound("tcp", "23", None, "monitor")),
        "a lower range": put("inboundRules.1", do.inbound("tcp", "20-21", None, "monitor")),
        "udp": put("inboundRules.1", do.inbound("udp", "22", None, "monitor")),
        "peers": lambda _: do.firewall("sentry", "peers"),
    },
    defers={
        "tags unknown": unknown("tags"),
        "source tags unknown": unknown("inboundRules.1.sourceTags"),
        "port unknown": unknown("inboundRules.1.portRange"),
    },
)
