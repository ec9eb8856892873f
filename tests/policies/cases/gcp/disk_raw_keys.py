"""Cases of gcp-disk-raw-keys."""

from policies.rules.gcp.disk_raw_keys import RULE
from tests.support.policy_cases import Cases, all_of, put, unknown
from tests.support.policy_samples import gcp

DISK = gcp.disk()


CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "root disk, raw": put("bootDisk.diskEncryptionKeyRaw", "c2VjcmV0"),
        "root disk, wrapped": put("bootDisk.diskEncryptionKeyRsa", "c2VjcmV0"),
        "its image": put("bootDisk.initializeParams.sourceImageEncryptionKey.rawKey", "c2VjcmV0"),
        "its snapshot, wrapped": put(
            "bootDisk.initializeParams.sourceSnapshotEncryptionKey.rsaEncryptedKey", "c2VjcmV0"
        ),
        "the second attached disk": put("attachedDisks", [{"source": "a"}, {"diskEncryptionKeyRaw": "c2VjcmV0"}]),
        "a data disk, raw": lambda _: put("diskEncryptionKey.rawKey", "c2VjcmV0")(DISK),
        "a data disk, wrapped": lambda _: put("diskEncryptionKey.rsaEncryptedKey", "c2VjcmV0")(DISK),
        "a data disk's image": lambda _: put("sourceImageEncryptionKey.rawKey", "c2VjcmV0")(DISK),
        "a data disk's snapshot": lambda _: put("sourceSnapshotEncryptionKey.rawKey", "c2VjcmV0")(DISK),
        "an odd shape": put("bootDisk", "disk"),
        "a data disk, write-only": lambda _: put("diskEncryptionKey.rawKeyWo", "c2VjcmV0")(DISK),
        "a data disk, wrapped, write-only": lambda _: put("diskEncryptionKey.rsaEncryptedKeyWo", "c2VjcmV0")(DISK),
        "behind what is unknown": all_of(
            unknown("bootDisk"), put("attachedDisks", [{"diskEncryptionKeyRaw": "c2VjcmV0"}])
        ),
        "behind an unknown entry": put(
            "attachedDisks", ["04da6b54-80e4-46f7-96ec-b56ff0331ba9", {"diskEncryptionKeyRaw": "c2VjcmV0"}]
        ),
    },
    passes={
        "a data disk with the site's key": lambda _: DISK,
        "a key of KMS that is unknown": unknown("bootDisk.kmsKeySelfLink"),
        "an empty one": put("bootDisk.diskEncryptionKeyRaw", ""),
        "its digest": put("bootDisk.diskEncryptionKeySha256", "c2VjcmV0"),
    },
    defers={
        "unknown": unknown("bootDisk.diskEncryptionKeyRaw"),
    },
)
