"""Cases of gcp-address-external."""

from policies.rules.gcp.address_external import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, put, unknown, without
from tests.support.policy_samples import gcp

COSIGNER = "s2-cosigner-1-private"
NAT = "s2-nat"

CASES = Cases(
    rule=RULE,
    good=[
        gcp.public_address("sentry"),
        gcp.public_address("gateway"),
        gcp.private_address("cosigner"),
        gcp.nat_address(),
        gcp.nat(),
    ],
    fails={
        "a cosigner's": on(COSIGNER, put("addressType", "EXTERNAL")),
        "a cosigner's by default": on(COSIGNER, drop("addressType")),
        "a cosigner's by its name": on(COSIGNER, put("addressType", "EXTERNAL"), drop("labels")),
        "without NAT": without(NAT, type=gcp.NAT),
        "not the NAT's": on(NAT, having(dependencies={}), type=gcp.NAT),
        "a validator's": on("s2-sentry-1", put("labels", gcp.labels("validator"))),
        "an odd shape": on(COSIGNER, put("addressType", True)),
        "behind an unknown one": all_of(
            on("s2-sentry-1", unknown("addressType")), on(COSIGNER, put("addressType", "EXTERNAL"))
        ),
    },
    defers={"unknown": on(COSIGNER, unknown("addressType"))},
)
