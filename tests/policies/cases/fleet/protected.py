"""Cases of fleet-protected."""

from policies.rules.fleet.protected import RULE
from tests.support.policy_cases import Cases, all_of, having, on
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet, intending

BARE = having(protect=False)

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a cosigner on AWS": on("s1-cosigner-1", BARE, type=INSTANCE),
        "a validator on GCP": on("s2-validator-1", BARE, type=GCP_INSTANCE),
        "a gateway on DigitalOcean": on("s3-gateway-1", BARE, type=DROPLET),
        "a volume": on("s1-cosigner-1", BARE, type="aws:ebs/volume:Volume"),
        "a disk": on("s2-cosigner-1", BARE, type="gcp:compute/disk:Disk"),
        "a volume on DigitalOcean": on("s3-cosigner-1", BARE, type="digitalocean:index/volume:Volume"),
        "a gateway's address": on("s1-gateway-1", BARE, type="aws:ec2/eip:Eip"),
        "a cosigner's address on GCP": on("s2-cosigner-1-private", BARE, type="gcp:compute/address:Address"),
        "the key of volumes": on("s1-volumes", BARE, type="aws:kms/key:Key"),
        "the key of disks": on("s2-volumes", BARE, type="gcp:kms/cryptoKey:CryptoKey"),
        "another host than was let go": all_of(
            intending(lambda config: config.update(let_go=["s2-cosigner-1"])), on("s1-cosigner-1", BARE, type=INSTANCE)
        ),
    },
    passes={
        "one that is let go": all_of(
            intending(lambda config: config.update(let_go=["s1-cosigner-1"])), on("s1-cosigner-1", BARE, type=INSTANCE)
        ),
        "a fleet that is retired": all_of(
            intending(lambda config: config.update(retire=True)),
            on("s1-cosigner-1", BARE, type=INSTANCE),
            on("s1-volumes", BARE, type="aws:kms/key:Key"),
        ),
        "a sentry": on("s1-sentry-1", BARE, type=INSTANCE),
        "an attachment, which an update makes again": on(
            "s1-cosigner-1", BARE, type="aws:ec2/volumeAttachment:VolumeAttachment"
        ),
        "the key of logs": on("s1-logs", BARE, type="aws:kms/key:Key"),
        "a key of a site that keeps nothing": on("s1-volumes", BARE, having(name="s9-volumes"), type="aws:kms/key:Key"),
    },
)
