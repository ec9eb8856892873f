"""Cases of digitalocean-provider-token."""

from policies.rules.digitalocean.provider_token import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.provider(),
    fails={
        "a token": put("token", "x"),
        "an id for Spaces": put("spacesAccessId", "x"),
        "a key for Spaces": put("spacesSecretKey", "x"),
    },
    passes={"a token that is empty": put("token", "")},
    defers={"unknown": unknown("token")},
)
