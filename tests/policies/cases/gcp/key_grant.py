"""Cases of gcp-key-grant."""

from policies.rules.gcp.key_grant import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.grant(),
    fails={
        "everybody": put("member", "allUsers"),
        "everybody with an account": put("member", "allAuthenticatedUsers"),
        "a person": put("member", "user:operator@example.org"),
        "a host": put("member", f"serviceAccount:{gcp.email('sentry')}"),
        "somebody with a like name": put(
            "member", "serviceAccount:service-1@compute-system.iam.gserviceaccount.com.example.org"
        ),
        "somebody before it": put("member", "user:serviceAccount:service-1@compute-system.iam.gserviceaccount.com"),
        "nobody": drop("member"),
        "an administrator": put("role", "roles/cloudkms.admin"),
        "no role": drop("role"),
        "an administrator who is unknown": all_of(put("role", "roles/cloudkms.admin"), unknown("member")),
    },
    passes={"a key that is unknown": unknown("cryptoKeyId")},
    defers={"a member that is unknown": unknown("member"), "a role that is unknown": unknown("role")},
)
