"""Cases of digitalocean-droplet-shutdown."""

from policies.rules.digitalocean.droplet_shutdown import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "off": put("gracefulShutdown", False),
        "not said": drop("gracefulShutdown"),
        "an odd shape": put("gracefulShutdown", "true"),
    },
    defers={"unknown": unknown("gracefulShutdown")},
)
