"""Cases of digitalocean-provider-token."""

from policies.rules.digitalocean.provider_token import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.provider(),
    fails={
        "a token": put("token", "x"),
        "an id for Spaces": put("spacesAccessId", "x"),
        "a key for Spaces": put("spacesSecretKey", "x"),
        "another endpoint": put("apiEndpoint", "https://api.digitalocean.com.example.net"),
        "another endpoint, without TLS": put("apiEndpoint", "http://api.digitalocean.com"),
        "an endpoint for Spaces": put("spacesEndpoint", "https://api.digitalocean.com"),
        "a key beside an unknown": all_of(unknown("token"), put("spacesSecretKey", "x")),
        "an endpoint beside an unknown": all_of(unknown("token"), put("apiEndpoint", "https://192.0.2.1")),
    },
    passes={
        "a token that is empty": put("token", ""),
        "no endpoint": drop("apiEndpoint"),
        "no endpoint for Spaces": put("spacesEndpoint", ""),
    },
    defers={"unknown": unknown("token"), "the endpoint unknown": unknown("apiEndpoint")},
)
