"""Cases of digitalocean-firewall-limits."""

from policies.rules.digitalocean.firewall_limits import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

RULES = [do.inbound("tcp", str(port), None, "gateway") for port in range(1, 51)]
PEERS = [f"198.18.{index // 250}.{index % 250}/32" for index in range(1000)]

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "a rule too many": put("inboundRules", RULES[:48]),
        "all of them inbound": all_of(put("inboundRules", [*RULES, RULES[0]]), drop("outboundRules")),
        "outbound": put("outboundRules", [do.outbound("tcp", "22", None, "gateway")] * 48),
        "a source too many": put("inboundRules.1", do.inbound("tcp", "22", PEERS, "gateway")),
        "a destination too many": put("outboundRules.1", do.outbound("tcp", "22", PEERS, "gateway")),
        "an odd shape": put("inboundRules", 7),
    },
    passes={
        "as many as may be": put("inboundRules", RULES[:47]),
        "as many inbound": all_of(put("inboundRules", RULES), drop("outboundRules")),
        "as many sources": put("inboundRules.1", do.inbound("tcp", "22", PEERS[1:], "gateway")),
        "as many destinations": put("outboundRules.1", do.outbound("tcp", "22", PEERS[1:], "gateway")),
        "no rules": all_of(drop("inboundRules"), drop("outboundRules")),
        "addresses unknown one by one": unknown("inboundRules.0.sourceAddresses.0"),
    },
    defers={"unknown": unknown("outboundRules"), "addresses unknown": unknown("inboundRules.0.sourceAddresses")},
)
