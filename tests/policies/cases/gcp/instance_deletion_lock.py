"""Cases of gcp-instance-deletion-lock."""

from policies.rules.gcp.instance_deletion_lock import RULE
from tests.support.policy_cases import Cases, all_of, drop, on, put, unknown
from tests.support.policy_samples.fleet import GCP_INSTANCE, fleet, intending

OFF = put("deletionProtection", False)
GATEWAY_OFF = on("s2-gateway-1", OFF, type=GCP_INSTANCE)
COSIGNER_OFF = on("s2-cosigner-1", OFF, type=GCP_INSTANCE)
LET_GO = intending(lambda config: config.update(let_go=["s2-gateway-1"]))

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a cosigner": COSIGNER_OFF,
        "not said": on("s2-cosigner-1", drop("deletionProtection"), type=GCP_INSTANCE),
        "a gateway": GATEWAY_OFF,
        "a validator": on("s2-validator-1", OFF, type=GCP_INSTANCE),
        "another host than was let go": all_of(LET_GO, COSIGNER_OFF),
        "one beside one that is unknown": all_of(
            on("s2-cosigner-1", unknown("deletionProtection"), type=GCP_INSTANCE), GATEWAY_OFF
        ),
        "an odd shape": on("s2-cosigner-1", put("deletionProtection", "yes"), type=GCP_INSTANCE),
    },
    passes={
        "a sentry": on("s2-sentry-1", OFF, type=GCP_INSTANCE),
        "a locked sentry": on("s2-sentry-1", put("deletionProtection", True), type=GCP_INSTANCE),
        "one that is let go": all_of(LET_GO, GATEWAY_OFF),
        "a fleet that is retired": all_of(
            intending(lambda config: config.update(retire=True)), GATEWAY_OFF, COSIGNER_OFF
        ),
    },
    defers={"unknown": on("s2-cosigner-1", unknown("deletionProtection"), type=GCP_INSTANCE)},
)
