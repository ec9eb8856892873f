"""Cases of fleet-quorum."""

from dataclasses import replace

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.rules.fleet.quorum import RULE
from tests.support.policy_cases import Cases, having, on, put_key, without
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, STACK, fleet, intending, one

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "half of the shards sign": intending(lambda config: config["signer"].update(threshold=2)),
        "two shards on one host": intending(
            lambda config: config["signer"].update(
                shards=[*config["signer"]["shards"][:3], config["signer"]["shards"][0]]
            )
        ),
        "a cosigner without a shard": lambda given: [
            *given,
            replace(one(INSTANCE, "s1-cosigner-1")(), name="s1-cosigner-2"),
        ],
        "a sentry tagged as a cosigner": on("s1-sentry-1", put_key("tags", "redoubt:role", "cosigner"), type=INSTANCE),
        "two machines for one shard": lambda given: [*given, one(INSTANCE, "s1-cosigner-1")()],
        "a shard without a host on AWS": without("s1-cosigner-1", type=INSTANCE),
        "a shard without a host on GCP": without("s2-cosigner-1", type=GCP_INSTANCE),
        "a shard without a host on DigitalOcean": without("s3-cosigner-1", type=DROPLET),
        "a stack that says nothing": lambda given: [
            having(outputs={})(each) if each.type == STACK else each for each in given
        ],
        "a stack that says what is no fleet": intending(lambda config: config.clear()),
        "no stack": lambda given: [each for each in given if each.type != STACK],
    },
    defers={
        "a fleet that is not known yet": lambda given: [
            having(outputs={"fleet": UNKNOWN_STRING_VALUE})(each) if each.type == STACK else each for each in given
        ],
    },
)
