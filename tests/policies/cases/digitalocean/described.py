"""Cases of digitalocean-described."""

from policies.rules.digitalocean.described import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.project(),
    fails={
        "no description": drop("description"),
        "an empty description": put("description", ""),
        "no environment": drop("environment"),
        "another environment": put("environment", "Development"),
        "a VPC": lambda _: drop("description")(do.vpc()),
        "an odd shape": put("environment", ["Staging"]),
    },
    passes={"mainnet": put("environment", "Production"), "a VPC": lambda _: do.vpc()},
    defers={"unknown": unknown("description"), "environment unknown": unknown("environment")},
)
