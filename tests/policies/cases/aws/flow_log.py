"""Cases of aws-flow-log."""

from policies.rules.aws.flow_log import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.flow_log(),
    fails={
        "refused alone": put("trafficType", "REJECT"),
        "accepted alone": put("trafficType", "ACCEPT"),
        "not said": drop("trafficType"),
        "to a bucket": put("logDestinationType", "s3"),
        "of an odd shape": put("trafficType", ["ALL"]),
    },
    passes={"kind not said": drop("logDestinationType"), "destination unknown": unknown("logDestination")},
    defers={"traffic unknown": unknown("trafficType")},
)
