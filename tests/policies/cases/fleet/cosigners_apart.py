"""Cases of fleet-cosigners-apart."""

from dataclasses import replace

from policies.rules.fleet.cosigners_apart import RULE
from tests.support.policy_cases import Cases, Sample, all_of, plus, put, put_key, without
from tests.support.policy_samples.fleet import DROPLET, INSTANCE, fleet, intending, one
from tests.support.samples import on_aws

COSIGNER = one(INSTANCE, "s1-cosigner-1")


def more(number: int) -> Sample:
    return replace(COSIGNER(), name=f"s1-cosigner-{number}")


CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "two beside the first on one provider": lambda given: [*given, more(2), more(3)],
        "one lost": without("s3-cosigner-1", type=DROPLET),
        "another role's host": lambda given: [
            put_key("tags", "redoubt:role", "sentry")(each)
            if (each.type, each.name) == (INSTANCE, "s1-cosigner-1")
            else each
            for each in given
        ],
    },
    passes={
        "a second one on a provider": lambda given: [*given, more(2)],
        "what was accepted in writing": all_of(intending(on_aws), lambda given: [*given, more(2), more(3)]),
        "a host of another role": lambda given: [*given, put("tags", {"redoubt:role": "sentry"})(more(2))],
        "nothing else changes it": plus(),
    },
)
