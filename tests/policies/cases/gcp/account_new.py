"""Cases of gcp-account-new."""

from policies.rules.gcp.account_new import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.account(),
    fails={
        "adopted": put("createIgnoreAlreadyExists", True),
        "an odd shape": put("createIgnoreAlreadyExists", "false"),
    },
    passes={"said to be new": put("createIgnoreAlreadyExists", False)},
    defers={"unknown": unknown("createIgnoreAlreadyExists")},
)
