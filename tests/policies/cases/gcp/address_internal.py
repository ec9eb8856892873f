"""Cases of gcp-address-internal."""

from policies.rules.gcp.address_internal import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.private_address(),
    fails={
        "another purpose": put("purpose", "VPC_PEERING"),
        "no purpose": drop("purpose"),
        "no subnet": drop("subnetwork"),
        "an address of Google's": drop("address"),
        "an odd shape": put("purpose", ["GCE_ENDPOINT"]),
    },
    passes={"subnet unknown": unknown("subnetwork"), "a public one": lambda _: gcp.public_address()},
    defers={"purpose unknown": unknown("purpose")},
)
