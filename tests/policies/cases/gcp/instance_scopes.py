"""Cases of gcp-instance-scopes."""

from policies.rules.gcp.instance_scopes import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "all APIs": put("serviceAccount.scopes", ["cloud-platform"]),
        "logs alone": put("serviceAccount.scopes", ["https://www.googleapis.com/auth/logging.write"]),
        "a scope that is unknown": put("serviceAccount.scopes", ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"]),
        "a scope of an odd shape": put("serviceAccount.scopes", "cloud-platform"),
        "a workload identity": put("workloadIdentityConfig", {"identity": "//workload"}),
    },
    passes={
        "scopes left out": drop("serviceAccount.scopes"),
        "an email that is unknown": unknown("serviceAccount.email"),
        "an empty workload identity": put("workloadIdentityConfig", {}),
    },
    defers={"scopes unknown": unknown("serviceAccount.scopes")},
)
