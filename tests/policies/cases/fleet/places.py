"""Cases of fleet-places."""

from policies.rules.fleet.places import RULE
from tests.support.policy_cases import Cases, having, on, put, unknown
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet

PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:{}::{}"
VOLUME = "aws:ebs/volume:Volume"
RING = "gcp:kms/keyRing:KeyRing"

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "another site's provider": on(
            "s1-cosigner-1", having(provider=PROVIDER.format("aws", "s9-aws")), type=INSTANCE
        ),
        "another cloud's provider": on(
            "s2-cosigner-1", having(provider=PROVIDER.format("aws", "s1-aws")), type=GCP_INSTANCE
        ),
        "no provider": on("s1-cosigner-1", having(provider=None), type=INSTANCE),
        "a provider of another name": on("s1-aws", having(name="s1-other"), type="pulumi:providers:aws"),
        "a name of no site": on("s1-cosigner-1", having(name="s9-cosigner-1"), type=INSTANCE),
        "a name without a site": on("s1-cosigner-1", having(name="cosigner"), type=INSTANCE),
        "another cloud's resource in a site": on("s2-cosigner-1", having(name="s1-cosigner-1"), type=GCP_INSTANCE),
        "another cloud's type by this site's provider": on(
            "s1-cosigner-1", having(type="gcp:compute/disk:Disk"), type=VOLUME
        ),
        "another region on AWS": on("s1-cosigner-1", put("region", "us-east-1"), type=INSTANCE),
        "another zone on AWS": on("s1-cosigner-1", put("availabilityZone", "us-east-1a"), type=VOLUME),
        "another zone on GCP": on("s2-cosigner-1", put("zone", "us-east1-b"), type=GCP_INSTANCE),
        "another place of keys": on("s2-redoubt-testnet", put("location", "global"), type=RING),
        "another region on DigitalOcean": on("s3-cosigner-1", put("region", "nyc1"), type=DROPLET),
        "a provider in another region": on("s1-aws", put("region", "us-east-1"), type="pulumi:providers:aws"),
        "another project": on("s2-cosigner-1", put("project", "elsewhere"), type=GCP_INSTANCE),
        "a provider in another project": on("s2-gcp", put("project", "elsewhere"), type="pulumi:providers:gcp"),
    },
    passes={
        "a place in capitals": on("s2-redoubt-testnet", put("location", "EUROPE-WEST3"), type=RING),
        "the site's own project": on("s2-cosigner-1", put("project", "redoubt-testnet"), type=GCP_INSTANCE),
        "a type of no cloud of the fleet": on(
            "s1-cosigner-1", having(type="random:index/randomId:RandomId"), type=VOLUME
        ),
    },
    defers={"region unknown": on("s1-cosigner-1", unknown("region"), type=INSTANCE)},
)
