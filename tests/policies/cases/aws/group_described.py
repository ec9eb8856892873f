"""Cases of aws-group-described."""

from policies.rules.aws.group_described import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

INGRESS, EGRESS = aws.instead(aws.ssh_from_gateway()), aws.instead(aws.proxy_to_gateway())

CASES = Cases(
    rule=RULE,
    good=aws.security_group(),
    fails={
        "nothing": drop("description"),
        "empty": put("description", ""),
        "blanks": put("description", "  "),
        "the provider's own": put("description", "Managed by Pulumi"),
        "ingress": all_of(INGRESS, drop("description")),
        "egress": all_of(EGRESS, drop("description")),
        "of an odd shape": put("description", ["Redoubt"]),
    },
    passes={"ingress": INGRESS, "egress": EGRESS},
    defers={"unknown": unknown("description")},
)
