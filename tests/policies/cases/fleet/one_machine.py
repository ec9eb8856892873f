"""Cases of fleet-one-machine."""

from dataclasses import replace

from policies.rules.fleet.one_machine import RULE
from tests.support.policy_cases import Cases, all_of, having, on, put, without
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet, linking, one

AWS = "aws:ec2/volumeAttachment:VolumeAttachment"
GCP = "gcp:compute/attachedDisk:AttachedDisk"
DO = "digitalocean:index/volumeAttachment:VolumeAttachment"

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a twin on AWS": lambda given: [*given, replace(one(INSTANCE, "s1-cosigner-1")(), name="s1-cosigner-9")],
        "a twin on GCP": lambda given: [*given, replace(one(GCP_INSTANCE, "s2-cosigner-1")(), name="s2-cosigner-9")],
        "a twin on DigitalOcean": lambda given: [
            *given,
            replace(one(DROPLET, "s3-cosigner-1")(), name="s3-cosigner-9"),
        ],
        "a twin under another name": lambda given: [
            *given,
            put("tags", {"Name": "redoubt-testnet-s1-cosigner-1-blue"})(one(INSTANCE, "s1-cosigner-1")()),
        ],
        "a machine without a name": on("s1-cosigner-1", put("tags", {"redoubt:role": "cosigner"}), type=INSTANCE),
        "another host's volume on AWS": on(
            "s1-sentry-1", linking("volumeId", "aws:ebs/volume:Volume::s1-cosigner-1"), type=AWS
        ),
        "another host's machine on AWS": on(
            "s1-cosigner-1", linking("instanceId", f"{INSTANCE}::s1-sentry-1"), type=AWS
        ),
        "another host's disk on GCP": on(
            "s2-cosigner-1", linking("disk", "gcp:compute/disk:Disk::s2-validator-1"), type=GCP
        ),
        "another host's machine on GCP": on(
            "s2-cosigner-1", linking("instance", f"{GCP_INSTANCE}::s2-validator-1"), type=GCP
        ),
        "another host's volume on DigitalOcean": on(
            "s3-cosigner-1", linking("volumeId", "digitalocean:index/volume:Volume::s3-sentry-1"), type=DO
        ),
        "another host's droplet": on("s3-cosigner-1", linking("dropletId", f"{DROPLET}::s3-gateway-1"), type=DO),
        "two hosts with each other's volume": all_of(
            on("s1-sentry-1", linking("volumeId", "aws:ebs/volume:Volume::s1-sentry-2"), type=AWS),
            on("s1-sentry-2", linking("volumeId", "aws:ebs/volume:Volume::s1-sentry-1"), type=AWS),
        ),
        "a volume that is none of this stack": on("s1-cosigner-1", linking("volumeId"), type=AWS),
        "a machine that is none of this stack": on("s1-cosigner-1", linking("instanceId"), type=AWS),
        "neither of this stack": lambda given: [
            *given,
            linking("volumeId")(linking("instanceId")(replace(one(AWS, "s1-cosigner-1")(), name="s1-spare"))),
        ],
        "no volume attached": without("s1-cosigner-1", type=AWS),
        "a volume attached twice": lambda given: [
            *given,
            replace(one(AWS, "s1-cosigner-1")(), name="s1-cosigner-1-again"),
        ],
        "a volume attached twice, by a machine of nobody's": lambda given: [
            *given,
            linking("instanceId")(replace(one(AWS, "s1-cosigner-1")(), name="s1-cosigner-1-again")),
        ],
    },
    passes={
        "another machine of another name": lambda given: [
            *given,
            put("tags", {"Name": "another"})(replace(one(INSTANCE, "s1-cosigner-1")(), name="s1-cosigner-9")),
        ],
        "a machine of one name in another cloud": on(
            "s3-sentry-1", put("name", "redoubt-testnet-s1-cosigner-1x"), type=DROPLET
        ),
        "a state that says no more": on("s1-cosigner-1", having(outputs={}), type=AWS),
    },
)
