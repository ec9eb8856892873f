"""Cases of aws-volume-one-copy."""

from policies.rules.aws.volume_one_copy import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.volume(),
    fails={
        "from a snapshot": put("snapshotId", "snap-0123456789abcdef0"),
        "several hosts": put("multiAttachEnabled", True),
        "final snapshot": put("finalSnapshot", True),
        "several hosts, snapshot unknown": all_of(put("multiAttachEnabled", True), unknown("snapshotId")),
        "snapshot of an odd shape": put("snapshotId", ["snap-0123456789abcdef0"]),
    },
    passes={
        "all said to be off": all_of(
            put("multiAttachEnabled", False), put("finalSnapshot", False), put("snapshotId", "")
        ),
    },
    defers={"snapshot unknown": unknown("snapshotId")},
)
