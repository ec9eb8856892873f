"""Cases of fleet-names."""

from policies.rules.fleet.names import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples.fleet import DROPLET, one

CASES = Cases(
    rule=RULE,
    good=one(DROPLET, "s3-cosigner-1"),
    fails={
        "no name": drop("name"),
        "a name without the stack": put("name", "redoubt-s3-cosigner-1"),
        "another stack's": put("name", "redoubt-mainnet-s3-cosigner-1"),
        "the stack as the beginning of a word": put("name", "redoubt-testnets-s3-cosigner-1"),
        "no fleet": put("name", "-testnet-s3-cosigner-1"),
        "no fleet in a path": put("name", "/-testnet/s1/flow-logs"),
    },
    passes={"a path": put("name", "/redoubt/redoubt-testnet/s1/flow-logs")},
    defers={"name unknown": unknown("name")},
)
