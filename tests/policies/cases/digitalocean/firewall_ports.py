"""Cases of digitalocean-firewall-ports."""

from policies.rules.digitalocean.firewall_ports import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

RANGE = "inboundRules.3.portRange"

CASES = Cases(
    rule=RULE,
    good=do.firewall("gateway"),
    fails={
        "all": put(RANGE, "all"),
        "all, as the API writes it": put(RANGE, "0"),
        "all, in numbers": put(RANGE, "1-65535"),
        "none": drop(RANGE),
        "another range": put(RANGE, "16384-29248"),
        "a range of another relay": put(RANGE, "51840-29247"),
        "by tcp": put("inboundRules.3.protocol", "tcp"),
        "two ports": put("inboundRules.1.portRange", "22-23"),
        "by no protocol": put("inboundRules.3.protocol", ""),
        "no port at all": put(RANGE, "ssh"),
        "beside an unknown": all_of(put(RANGE, "all"), unknown("inboundRules.0.protocol")),
        "an odd shape": put(RANGE, 22),
    },
    passes={
        "the other relay range": lambda _: do.firewall("gateway", "peers"),
        "one port as a range": put("inboundRules.1.portRange", "22-22"),
        "no rules": drop("inboundRules"),
        "everything outbound": put("outboundRules.0.portRange", "all"),
        "icmp with ports": put("inboundRules.0.portRange", "all"),
    },
    defers={"unknown": unknown(RANGE), "protocol unknown": unknown("inboundRules.1.protocol")},
)
