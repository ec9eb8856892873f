"""Cases of aws-address-taken."""

from policies.rules.aws.address_taken import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

ADDRESS = aws.instead(aws.eip())

CASES = Cases(
    rule=RULE,
    good=aws.eip_association(),
    fails={
        "taken": put("allowReassociation", True),
        "not said": drop("allowReassociation"),
        "address of an instance": all_of(ADDRESS, put("instance", "i-0123456789abcdef0")),
        "address of an interface": all_of(ADDRESS, put("networkInterface", "eni-0123456789abcdef0")),
        "of an odd shape": put("allowReassociation", "false"),
    },
    passes={"address": ADDRESS, "address of nobody": all_of(ADDRESS, put("instance", ""))},
    defers={
        "unknown": unknown("allowReassociation"),
        "address of an unknown instance": all_of(ADDRESS, unknown("instance")),
    },
)
