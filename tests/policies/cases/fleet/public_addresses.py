"""Cases of fleet-public-addresses."""

from policies.rules.fleet.public_addresses import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, put_key
from tests.support.policy_samples.fleet import one

GCP = all_of(having(type="gcp:compute/address:Address"), drop("tags"))

CASES = Cases(
    rule=RULE,
    good=one("aws:ec2/eip:Eip", "s1-gateway-1"),
    fails={
        "a cosigner's": put_key("tags", "redoubt:role", "cosigner"),
        "a validator's, by its name": all_of(drop("tags.redoubt:role"), having(name="s1-validator-1")),
        "nobody's": all_of(drop("tags.redoubt:role"), having(name="s1-spare")),
        "a cosigner's that is called a NAT gateway's": all_of(
            put_key("tags", "redoubt:role", "cosigner"), having(name="s1-private-a-nat")
        ),
        "an association of a monitor": all_of(
            having(type="aws:ec2/eipAssociation:EipAssociation", name="s1-monitor-1"), drop("tags")
        ),
        "an Elastic IP that says it is internal": all_of(
            put_key("tags", "redoubt:role", "cosigner"), put("addressType", "INTERNAL")
        ),
        "GCP, external": all_of(GCP, put("addressType", "EXTERNAL"), put("labels", {"redoubt-role": "validator"})),
        "GCP, not said": all_of(GCP, put("labels", {"redoubt-role": "validator"})),
    },
    passes={
        "a sentry's": put_key("tags", "redoubt:role", "sentry"),
        "a NAT gateway's": all_of(drop("tags.redoubt:role"), having(name="s1-private-a-nat")),
        "GCP, internal": all_of(GCP, put("addressType", "INTERNAL"), put("labels", {"redoubt-role": "validator"})),
    },
)
