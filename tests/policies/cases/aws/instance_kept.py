"""Cases of aws-instance-kept."""

from policies.rules.aws.instance_kept import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import aws

SHUTDOWN = "instanceInitiatedShutdownBehavior"

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "termination by hand": put("disableApiTermination", False),
        "termination not said": drop("disableApiTermination"),
        "protected sentry": all_of(aws.instead(aws.instance("sentry")), having(protect=True)),
        "force": put("forceDestroy", True),
        "shutdown terminates": put(SHUTDOWN, "terminate"),
        "shutdown not said": drop(SHUTDOWN),
        "spot": put("instanceMarketOptions", {"marketType": "spot"}),
        "spot, its kind unknown": unknown("instanceMarketOptions.marketType"),
        "of an odd shape": put("instanceMarketOptions", "spot"),
    },
    passes={
        "sentry": aws.instead(aws.instance("sentry")),
        "a host that is let go": all_of(having(protect=False), put("disableApiTermination", False)),
        "force said to be off": put("forceDestroy", False),
        "no market": put("instanceMarketOptions", {}),
    },
    defers={"shutdown unknown": unknown(SHUTDOWN), "market unknown": unknown("instanceMarketOptions")},
)
