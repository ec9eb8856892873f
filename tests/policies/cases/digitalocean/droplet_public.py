"""Cases of digitalocean-droplet-public."""

from policies.rules.digitalocean.droplet_public import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet("cosigner"),
    fails={
        "a cosigner": put("publicNetworking", True),
        "not said": drop("publicNetworking"),
        "a validator": lambda _: put("publicNetworking", True)(do.droplet("validator")),
        "a monitor": lambda _: put("publicNetworking", True)(do.droplet("monitor")),
        "no role": all_of(put("publicNetworking", True), put("tags", []), having(name="s3-spare-1")),
        "an odd shape": put("publicNetworking", "false"),
    },
    passes={
        "a sentry": lambda _: do.droplet("sentry"),
        "a gateway": lambda _: do.droplet("gateway"),
        "a sentry without": lambda _: put("publicNetworking", False)(do.droplet("sentry")),
        "private, role unknown": unknown("tags"),
    },
    defers={
        "unknown": unknown("publicNetworking"),
        "role unknown": all_of(put("publicNetworking", True), unknown("tags")),
    },
)
