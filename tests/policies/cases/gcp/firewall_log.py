"""Cases of gcp-firewall-log."""

from policies.rules.gcp.firewall_log import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.denial(),
    fails={
        "no log": drop("logConfig"),
        "an empty log": put("logConfig", {}),
        "without metadata": put("logConfig.metadata", "EXCLUDE_ALL_METADATA"),
        "an odd shape": put("logConfig", [{"metadata": "INCLUDE_ALL_METADATA"}]),
    },
    passes={"an allowance": lambda _: gcp.allowance()},
    defers={"unknown": unknown("logConfig.metadata")},
)
