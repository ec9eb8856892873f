"""Cases of digitalocean-firewall-named."""

from policies.rules.digitalocean.firewall_named import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

SOURCE, DESTINATION = "inboundRules.1", "outboundRules.2"

CASES = Cases(
    rule=RULE,
    good=do.firewall("sentry"),
    fails={
        "droplets by id": put("dropletIds", [410867812.0]),
        "sources by id": put(f"{SOURCE}.sourceDropletIds", [410867812.0]),
        "a cluster": put(f"{SOURCE}.sourceKubernetesIds", ["x"]),
        "a load balancer": put(f"{SOURCE}.sourceLoadBalancerUids", ["x"]),
        "destinations by id": put(f"{DESTINATION}.destinationDropletIds", [410867812.0]),
        "out to a cluster": put(f"{DESTINATION}.destinationKubernetesIds", ["x"]),
        "out to a load balancer": put(f"{DESTINATION}.destinationLoadBalancerUids", ["x"]),
        "no source": drop(f"{SOURCE}.sourceTags"),
        "no source address": drop("inboundRules.0.sourceAddresses"),
        "source tags empty": put(f"{SOURCE}.sourceTags", []),
        "no destination": drop(f"{DESTINATION}.destinationTags"),
        "destination addresses empty": put("outboundRules.0.destinationAddresses", []),
        "no destination, sources unknown": all_of(drop(f"{DESTINATION}.destinationTags"), unknown("inboundRules")),
        "an odd shape": put("inboundRules", "tcp"),
    },
    passes={
        "no droplets by id": put("dropletIds", []),
        "both": put(SOURCE, do.inbound("tcp", "22", ["198.18.0.1/32"], "gateway")),
        "tags, no addresses": put(f"{SOURCE}.sourceAddresses", []),
        "a gateway": lambda _: do.firewall("gateway"),
        "an address unknown": lambda _: unknown("inboundRules.0.sourceAddresses.0")(do.firewall("gateway", "peers")),
    },
    defers={"ids unknown": unknown("dropletIds"), "sources unknown": unknown("inboundRules.0.sourceAddresses")},
)
