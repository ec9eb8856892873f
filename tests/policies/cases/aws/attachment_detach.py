"""Cases of aws-attachment-detach."""

from policies.rules.aws.attachment_detach import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

CASES = Cases(
    rule=RULE,
    good=aws.attachment(),
    fails={
        "from a running host": put("stopInstanceBeforeDetaching", False),
        "not said": drop("stopInstanceBeforeDetaching"),
        "by force": put("forceDetach", True),
        "from a running host, force unknown": all_of(drop("stopInstanceBeforeDetaching"), unknown("forceDetach")),
        "of an odd shape": put("forceDetach", "yes"),
    },
    passes={"force said to be off": put("forceDetach", False)},
    defers={"force unknown": unknown("forceDetach")},
)
