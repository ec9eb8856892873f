"""Cases of fleet-protected."""

from dataclasses import replace

from policies.rules.fleet.protected import RULE
from tests.support.policy_cases import Cases, Sample, all_of, having, on
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet, intending, linking, one

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
        "an attachment": on("s1-cosigner-1", BARE, type="aws:ec2/volumeAttachment:VolumeAttachment"),
        "an attachment on GCP": on("s2-cosigner-1", BARE, type="gcp:compute/attachedDisk:AttachedDisk"),
        "an attachment on DigitalOcean": on(
            "s3-cosigner-1", BARE, type="digitalocean:index/volumeAttachment:VolumeAttachment"
        ),
        "a gateway's hold of its address": on("s1-gateway-1", BARE, type="aws:ec2/eipAssociation:EipAssociation"),
        "the grant of a key": on("s2-volumes", BARE, type="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"),
        "a key under another name": all_of(
            on("s1-volumes", BARE, having(name="s1-disks"), type="aws:kms/key:Key"),
            on("s1-cosigner-1", linking("kmsKeyId", "aws:kms/key:Key::s1-disks"), type="aws:ebs/volume:Volume"),
        ),
        "the key of a root disk alone": all_of(
            lambda given: [*given, BARE(replace(one("aws:kms/key:Key", "s1-volumes")(), name="s1-root"))],
            on("s1-gateway-1", linking("rootBlockDevice", "aws:kms/key:Key::s1-root"), type=INSTANCE),
        ),
        "the key of a boot disk alone": all_of(
            lambda given: [*given, BARE(replace(one("gcp:kms/cryptoKey:CryptoKey", "s2-volumes")(), name="s2-boot"))],
            on("s2-gateway-1", linking("bootDisk", "gcp:kms/cryptoKey:CryptoKey::s2-boot"), type=GCP_INSTANCE),
        ),
        "the key of a disk on GCP alone": all_of(
            lambda given: [*given, BARE(replace(one("gcp:kms/cryptoKey:CryptoKey", "s2-volumes")(), name="s2-data"))],
            on(
                "s2-cosigner-1",
                linking("diskEncryptionKey", "gcp:kms/cryptoKey:CryptoKey::s2-data"),
                type="gcp:compute/disk:Disk",
            ),
        ),
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
        "what is done on a host": lambda given: [
            *given,
            Sample(type="command:remote:Command", name="s1-cosigner-1", props={}),
        ],
        "the key of logs": on("s1-logs", BARE, type="aws:kms/key:Key"),
        "the grant of a key that nothing kept needs": on(
            "s2-volumes", BARE, linking("cryptoKeyId"), type="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
        ),
        "a key that nothing kept needs": lambda given: [
            *given,
            BARE(replace(one("aws:kms/key:Key", "s1-volumes")(), name="s1-spare")),
        ],
        "the key of a sentry alone": all_of(
            lambda given: [*given, BARE(replace(one("aws:kms/key:Key", "s1-volumes")(), name="s1-sentries"))],
            on("s1-sentry-1", linking("kmsKeyId", "aws:kms/key:Key::s1-sentries"), type="aws:ebs/volume:Volume"),
        ),
    },
)
