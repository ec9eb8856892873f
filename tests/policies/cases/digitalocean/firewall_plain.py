"""Cases of digitalocean-firewall-plain."""

from policies.rules.digitalocean.firewall_plain import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "deny": put("inboundRules.2.action", "deny"),
        "deny outbound": put("outboundRules.2.action", "deny"),
        "another protocol": put("inboundRules.2.protocol", "sctp"),
        "no protocol": drop("outboundRules.2.protocol"),
        "tcp without a port": drop("inboundRules.2.portRange"),
        "udp without a port": put("outboundRules.2.portRange", ""),
        "outbound, inbound unknown": all_of(drop("outboundRules.2.protocol"), unknown("inboundRules")),
        "an odd shape": put("inboundRules.2.protocol", 6),
    },
    passes={
        "allow": put("inboundRules.2.action", "allow"),
        "action empty": put("outboundRules.2.action", ""),
    },
    defers={"unknown": unknown("inboundRules.2.protocol"), "port unknown": unknown("outboundRules.1.portRange")},
)
