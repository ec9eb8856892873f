"""Cases of fleet-names."""

from policies.rules.fleet.names import RULE
from tests.support.policy_cases import Cases, drop, on, put, unknown
from tests.support.policy_samples.fleet import DROPLET, fleet

LOGS = "aws:cloudwatch/logGroup:LogGroup"

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "no name": on("s3-cosigner-1", drop("name"), type=DROPLET),
        "a name without the stack": on("s3-cosigner-1", put("name", "redoubt-s3-cosigner-1"), type=DROPLET),
        "another stack's": on("s3-cosigner-1", put("name", "redoubt-mainnet-s3-cosigner-1"), type=DROPLET),
        "another fleet's": on("s3-cosigner-1", put("name", "evil-testnet-s3-cosigner-1"), type=DROPLET),
        "a fleet whose name ends so": on("s3-cosigner-1", put("name", "evilredoubt-testnet-s3-x"), type=DROPLET),
        "the stack as the beginning of a word": on("s3-cosigner-1", put("name", "redoubt-testnets-s3"), type=DROPLET),
        "nothing beyond": on("s3-cosigner-1", put("name", "redoubt-testnet-"), type=DROPLET),
    },
    passes={"a longer path": on("s1-flow-logs", put("name", "/a/b/redoubt-testnet/s1"), type=LOGS)},
    defers={"name unknown": on("s3-cosigner-1", unknown("name"), type=DROPLET)},
)
