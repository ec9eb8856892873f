"""Cases of gcp-instance-deletion-lock."""

from policies.rules.gcp.instance_deletion_lock import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

OFF = put("deletionProtection", False)

CASES = Cases(
    rule=RULE,
    good=gcp.instance("cosigner"),
    fails={
        "a cosigner": OFF,
        "not said": drop("deletionProtection"),
        "a gateway": all_of(put("labels", gcp.labels("gateway")), OFF),
        "a validator": all_of(put("labels", gcp.labels("validator")), OFF),
        "a cosigner by its name": all_of(drop("labels"), OFF),
        "an odd shape": put("deletionProtection", "yes"),
    },
    passes={
        "a sentry": all_of(put("labels", gcp.labels("sentry")), OFF),
        "a locked sentry": put("labels", gcp.labels("sentry")),
    },
    defers={"unknown": unknown("deletionProtection")},
)
