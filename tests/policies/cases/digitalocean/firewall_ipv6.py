"""Cases of digitalocean-firewall-ipv6."""

from policies.rules.digitalocean.firewall_ipv6 import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "a source": put("inboundRules.2.sourceAddresses", ["0.0.0.0/0", "::/0"]),
        "a source first": put("inboundRules.0.sourceAddresses", ["2001:db8::1/128", "0.0.0.0/0"]),
        "a destination": put("outboundRules.0.destinationAddresses", ["::/0"]),
        "a destination, sources unknown": all_of(
            put("outboundRules.2.destinationAddresses", ["::/0"]), unknown("inboundRules")
        ),
        "an odd shape": put("inboundRules.0.sourceAddresses", 7),
    },
    passes={"no rules": all_of(put("inboundRules", []), put("outboundRules", []))},
    defers={"sources unknown": unknown("inboundRules"), "a destination unknown": unknown("outboundRules.0")},
)
