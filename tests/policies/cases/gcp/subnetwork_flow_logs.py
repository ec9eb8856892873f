"""Cases of gcp-subnetwork-flow-logs."""

from policies.rules.gcp.subnetwork_flow_logs import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.subnetwork(),
    fails={
        "no log": drop("logConfig"),
        "every minute": put("logConfig.aggregationInterval", "INTERVAL_1_MIN"),
        "half of it": put("logConfig.flowSampling", 0.5),
        "half of it by default": drop("logConfig.flowSampling"),
        "without metadata": put("logConfig.metadata", "EXCLUDE_ALL_METADATA"),
        "a filter": put("logConfig.filterExpr", "inIpRange(connection.src_ip, '10.2.0.0/16')"),
        "an odd shape": put("logConfig", True),
    },
    passes={"the filter for all": put("logConfig.filterExpr", "true"), "no filter": put("logConfig.filterExpr", "")},
    defers={"unknown": unknown("logConfig")},
)
