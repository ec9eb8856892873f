"""Cases of fleet-provider."""

from policies.rules.fleet.provider import RULE
from tests.support.policy_cases import Cases, having
from tests.support.policy_samples.fleet import INSTANCE, one

URN = "urn:pulumi:testnet::redoubt::pulumi:providers:{}::{}"

CASES = Cases(
    rule=RULE,
    good=one(INSTANCE, "s1-cosigner-1"),
    fails={
        "the default provider": having(provider=URN.format("aws", "default")),
        "the default provider of a version": having(provider=URN.format("aws", "default_7_51_1")),
    },
    passes={
        "a component": having(provider=None),
        "the engine's own": having(provider=URN.format("pulumi", "default")),
    },
)
