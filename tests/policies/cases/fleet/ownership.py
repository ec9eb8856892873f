"""Cases of fleet-ownership."""

from policies.rules.fleet.ownership import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, put_key, unknown
from tests.support.policy_samples.fleet import INSTANCE, one

LABELS = {"redoubt-fleet": "redoubt", "redoubt-stack": "testnet", "redoubt-site": "fra-gcp"}
DISK = having(type="gcp:compute/disk:Disk")

CASES = Cases(
    rule=RULE,
    good=one(INSTANCE, "s1-cosigner-1"),
    fails={
        "no fleet": drop("tags.redoubt:fleet"),
        "no stack": drop("tags.redoubt:stack"),
        "no site": drop("tags.redoubt:site"),
        "an empty site": put_key("tags", "redoubt:site", ""),
        "no tags": drop("tags"),
        "another stack's": put_key("tags", "redoubt:stack", "mainnet"),
        "no labels": DISK,
        "another stack's labels": all_of(DISK, put("labels", {**LABELS, "redoubt-stack": "mainnet"})),
        "tags of an odd shape": put("tags", ["redoubt:stack"]),
    },
    passes={"labels": all_of(DISK, put("labels", LABELS))},
    defers={"tags unknown": unknown("tags")},
)
