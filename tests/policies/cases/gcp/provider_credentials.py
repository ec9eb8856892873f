"""Cases of gcp-provider-credentials."""

from policies.rules.gcp.provider_credentials import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.provider(),
    fails={
        "credentials": put("credentials", "{}"),
        "credentials that are unknown": unknown("credentials"),
        "a token": put("accessToken", "ya29"),
        "credentials of elsewhere": put("externalCredentials", {"audience": "x"}),
        "another account": put("impersonateServiceAccount", "admin@other.iam.gserviceaccount.com"),
        "another Compute Engine": put("computeCustomEndpoint", "https://example.org/compute/v1/"),
        "another KMS that is unknown": unknown("kmsCustomEndpoint"),
        "no project": drop("project"),
    },
    passes={"a project that is unknown": unknown("project"), "no region": drop("region")},
)
