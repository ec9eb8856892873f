"""Cases of digitalocean-droplet-disks."""

from policies.rules.digitalocean.droplet_disks import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "grows": put("resizeDisk", True),
        "growth not refused": drop("resizeDisk"),
        "volumes": put("volumeIds", ["volume-1"]),
        "an odd shape": put("volumeIds", "volume-1"),
    },
    passes={"no volumes listed": put("volumeIds", [])},
    defers={"unknown": unknown("resizeDisk"), "volumes unknown": unknown("volumeIds")},
)
