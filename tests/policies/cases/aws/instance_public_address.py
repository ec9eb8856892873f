"""Cases of aws-instance-public-address."""

from policies.rules.aws.instance_public_address import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, put_key, unknown
from tests.support.policy_samples import aws

FIELD = "associatePublicIpAddress"
SENTRY = aws.instead(aws.instance("sentry"))
GATEWAY = aws.instead(aws.instance("gateway"))

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "cosigner takes one": put(FIELD, True),
        "cosigner does not say": drop(FIELD),
        "validator does not say": all_of(aws.instead(aws.instance("validator")), drop(FIELD)),
        "monitor does not say": all_of(aws.instead(aws.instance("monitor")), drop(FIELD)),
        "sentry takes one": all_of(SENTRY, put(FIELD, True)),
        "gateway takes one": all_of(GATEWAY, put(FIELD, True)),
        "no role": all_of(SENTRY, having(name="odd"), put("tags", {})),
        "a role nobody knows": all_of(SENTRY, put_key("tags", "redoubt:role", "relayer")),
        "of an odd shape": put(FIELD, "false"),
    },
    passes={
        "sentry does not say": SENTRY,
        "gateway does not say": GATEWAY,
        "sentry refuses": all_of(SENTRY, put(FIELD, False)),
    },
    defers={"unknown": unknown(FIELD)},
)
