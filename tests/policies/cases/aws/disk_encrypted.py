"""Cases of aws-disk-encrypted."""

from policies.rules.aws.disk_encrypted import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import aws

VOLUME = aws.instead(aws.volume())
DEVICE = {"deviceName": "/dev/sdg", "encrypted": True, "kmsKeyId": aws.VOLUME_KEY}

CASES = Cases(
    rule=RULE,
    good=aws.instance(),
    fails={
        "root not encrypted": put("rootBlockDevice.encrypted", False),
        "root encryption not said": drop("rootBlockDevice.encrypted"),
        "no root said": drop("rootBlockDevice"),
        "inline disk": put("ebsBlockDevices", [DEVICE]),
        "root of an odd shape": put("rootBlockDevice", "encrypted"),
        "volume not encrypted": all_of(VOLUME, put("encrypted", False)),
        "volume encryption not said": all_of(VOLUME, drop("encrypted")),
        "inline disk, root unknown": all_of(put("ebsBlockDevices", [DEVICE]), unknown("rootBlockDevice")),
    },
    passes={
        "volume": VOLUME,
        "no inline disks": put("ebsBlockDevices", []),
        "key of the root unknown": unknown("rootBlockDevice.kmsKeyId"),
        "key of the volume unknown": all_of(VOLUME, unknown("kmsKeyId")),
    },
    defers={
        "root encryption unknown": unknown("rootBlockDevice.encrypted"),
        "inline disks unknown": unknown("ebsBlockDevices"),
    },
)
