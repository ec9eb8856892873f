"""Cases of gcp-instance-runs-on."""

from policies.rules.gcp.instance_runs_on import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "preemptible": put("scheduling.preemptible", True),
        "spot": put("scheduling.provisioningModel", "SPOT"),
        "no restart": put("scheduling.automaticRestart", False),
        "stopped by maintenance": put("scheduling.onHostMaintenance", "TERMINATE"),
        "a longest run": put("scheduling.maxRunDuration", {"seconds": 3600.0}),
        "an end": put("scheduling.terminationTime", "2027-01-01T00:00:00Z"),
        "suspended": put("desiredStatus", "SUSPENDED"),
        "stops without its key": put("keyRevocationActionType", "STOP"),
        "a script that replaces": put("metadataStartupScript", "#!/bin/sh\n"),
        "a schedule": put("resourcePolicies", "projects/p/regions/r/resourcePolicies/nightly"),
        "an odd shape": put("scheduling", [{"preemptible": False}]),
    },
    passes={
        "defaults": drop("scheduling"),
        "defaults one by one": all_of(
            drop("scheduling.provisioningModel"),
            drop("scheduling.automaticRestart"),
            drop("scheduling.onHostMaintenance"),
        ),
        "told to run": put("desiredStatus", "RUNNING"),
        "runs on without its key": put("keyRevocationActionType", "NONE"),
    },
    defers={"scheduling unknown": unknown("scheduling")},
)
