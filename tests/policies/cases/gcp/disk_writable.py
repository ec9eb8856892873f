"""Cases of gcp-disk-writable."""

from policies.rules.gcp.disk_writable import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.attachment("cosigner"),
    fails={
        "read-only": put("mode", "READ_ONLY"),
        "an odd shape": put("mode", ["READ_WRITE"]),
    },
    passes={"the default mode": drop("mode"), "the default mode, said": put("mode", "")},
    defers={"mode unknown": unknown("mode")},
)
