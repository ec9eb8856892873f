"""Cases of digitalocean-droplet-agents."""

from policies.rules.digitalocean.droplet_agents import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "console agent": put("dropletAgent", True),
        "console agent not refused": drop("dropletAgent"),
        "monitoring agent": put("monitoring", True),
        "an odd shape": put("dropletAgent", "false"),
    },
    passes={"monitoring not said": drop("monitoring")},
    defers={"unknown": unknown("dropletAgent"), "monitoring unknown": unknown("monitoring")},
)
