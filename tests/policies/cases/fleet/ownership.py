"""Cases of fleet-ownership."""

from policies.rules.fleet.ownership import RULE
from tests.support.policy_cases import Cases, drop, on, put, put_key, unknown
from tests.support.policy_samples.fleet import GCP_INSTANCE, INSTANCE, fleet, intending

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "no fleet": on("s1-cosigner-1", drop("tags.redoubt:fleet"), type=INSTANCE),
        "no stack": on("s1-cosigner-1", drop("tags.redoubt:stack"), type=INSTANCE),
        "no site": on("s1-cosigner-1", drop("tags.redoubt:site"), type=INSTANCE),
        "no tags": on("s1-cosigner-1", drop("tags"), type=INSTANCE),
        "another fleet's": on("s1-cosigner-1", put_key("tags", "redoubt:fleet", "other"), type=INSTANCE),
        "another stack's": on("s1-cosigner-1", put_key("tags", "redoubt:stack", "mainnet"), type=INSTANCE),
        "another site's": on("s1-cosigner-1", put_key("tags", "redoubt:site", "fra-gcp"), type=INSTANCE),
        "no labels": on("s2-cosigner-1", drop("labels"), type=GCP_INSTANCE),
        "another stack's labels": on("s2-cosigner-1", put("labels.redoubt-stack", "mainnet"), type=GCP_INSTANCE),
        "tags of an odd shape": on("s1-cosigner-1", put("tags", ["redoubt:stack"]), type=INSTANCE),
        "a fleet of another name": intending(lambda config: config.update(name="other")),
    },
    defers={"tags unknown": on("s1-cosigner-1", unknown("tags"), type=INSTANCE)},
)
