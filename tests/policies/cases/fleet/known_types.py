"""Cases of fleet-known-types."""

from policies.rules.fleet.known_types import RULE
from tests.support.policy_cases import Cases, all_of, having
from tests.support.policy_samples.fleet import INSTANCE, one

BUCKET = "aws:s3/bucket:Bucket"

CASES = Cases(
    rule=RULE,
    good=one(INSTANCE, "s1-cosigner-1"),
    fails={
        "a bucket": having(type=BUCKET),
        "a peering": having(type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection"),
        "another than is listed": all_of(having(type=BUCKET), having(settings={"also": ["aws:s3/bucketV2:BucketV2"]})),
        "a setting of an odd shape": all_of(having(type=BUCKET), having(settings={"also": {BUCKET: True}})),
    },
    passes={
        "a listed one": all_of(having(type=BUCKET), having(settings={"also": ["x:y:Z", BUCKET]})),
        "a component": having(type="redoubt:aws:Site"),
        "a provider": having(type="pulumi:providers:aws"),
    },
)
