"""Cases of fleet-replaced-first."""

from policies.rules.fleet.replaced_first import RULE
from tests.support.policy_cases import Cases, having, on
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet

LATER = having(delete_before_replace=False)

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "an instance on AWS": on("s1-gateway-1", LATER, type=INSTANCE),
        "an instance on GCP": on("s2-gateway-1", LATER, type=GCP_INSTANCE),
        "a droplet with a volume": on("s3-cosigner-1", LATER, type=DROPLET),
        "an attachment on AWS": on("s1-cosigner-1", LATER, type="aws:ec2/volumeAttachment:VolumeAttachment"),
        "an attachment on GCP": on("s2-cosigner-1", LATER, type="gcp:compute/attachedDisk:AttachedDisk"),
        "an attachment on DigitalOcean": on(
            "s3-cosigner-1", LATER, type="digitalocean:index/volumeAttachment:VolumeAttachment"
        ),
        "a hold of an address": on("s1-gateway-1", LATER, type="aws:ec2/eipAssociation:EipAssociation"),
    },
    passes={
        "a state, which does not say": lambda given: [LATER(one) for one in given],
        "a droplet without a volume": on("s3-gateway-1", LATER, type=DROPLET),
    },
)
