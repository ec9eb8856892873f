"""Cases of gcp-disk-key."""

from policies.rules.gcp.disk_key import RULE
from tests.support.policy_cases import Cases, drop, having, on, put, unknown
from tests.support.policy_samples import gcp

INSTANCE, DISK = gcp.INSTANCE, gcp.DISK
HOST = "s2-cosigner-1"

CASES = Cases(
    rule=RULE,
    good=[gcp.key(), gcp.disk(), gcp.instance()],
    fails={
        "root disk without": on(HOST, drop("bootDisk.kmsKeySelfLink"), type=INSTANCE),
        "root disk with another's": on(HOST, having(dependencies={}), type=INSTANCE),
        "no root disk": on(HOST, drop("bootDisk"), type=INSTANCE),
        "data disk without": on(HOST, drop("diskEncryptionKey"), type=DISK),
        "data disk with another's": on(HOST, having(dependencies={}), type=DISK),
        "a key of the customer's": on(HOST, put("diskEncryptionKey", {"rawKey": "AAAA"}), type=DISK),
        "scratch disks": on(HOST, put("scratchDisks", [{"interface": "NVME"}]), type=INSTANCE),
        "an odd shape": on(HOST, put("bootDisk", ["disk"]), type=INSTANCE),
        "wrong behind an unknown one": lambda given: on(HOST, drop("bootDisk.kmsKeySelfLink"), type=INSTANCE)(
            on(HOST, unknown("diskEncryptionKey"), type=DISK)(given)
        ),
    },
    passes={
        "root disk's unknown": on(HOST, unknown("bootDisk.kmsKeySelfLink"), type=INSTANCE),
        "data disk's unknown": on(HOST, unknown("diskEncryptionKey.kmsKeySelfLink"), type=DISK),
        "no scratch disks": on(HOST, put("scratchDisks", []), type=INSTANCE),
    },
    defers={"the whole root disk unknown": on(HOST, unknown("bootDisk"), type=INSTANCE)},
)
