"""Cases of gcp-disk-signing-state."""

from policies.rules.gcp.disk_signing_state import RULE
from tests.support.policy_cases import Cases, Change, all_of, drop, having, put, unknown
from tests.support.policy_samples import gcp

COPIED = put("snapshot", "before-the-upgrade")
POLICY = "projects/p/regions/r/resourcePolicies/nightly"


def host(*changes: Change, role: str = "cosigner") -> Change:
    """An instance in the disk's place."""
    return lambda _: all_of(*changes)(gcp.instance(role))


ROOT_COPIED = put("bootDisk.initializeParams.snapshot", "before-the-upgrade")

CASES = Cases(
    rule=RULE,
    good=gcp.disk("cosigner"),
    fails={
        "from a snapshot": COPIED,
        "from an image": put("image", "signer"),
        "from a disk": put("sourceDisk", "redoubt-testnet-s2-cosigner-2-data"),
        "from an instant snapshot": put("sourceInstantSnapshot", "an-hour-ago"),
        "from a bucket": put("sourceStorageObject", "gs://backups/signer.tar.gz"),
        "as a replica": put("asyncPrimaryDisk", {"disk": "other"}),
        "many writers": put("multiWriter", True),
        "many writers, hyperdisk": put("accessMode", "READ_WRITE_MANY"),
        "a validator's": all_of(put("labels", gcp.labels("validator")), COPIED),
        "nobody's": all_of(having(name="other"), drop("labels"), COPIED),
        "behind an unknown source": all_of(unknown("image"), COPIED),
        "a snapshot when it goes": put("createSnapshotBeforeDestroy", True),
        "snapshots by the clock": put("resourcePolicies", POLICY),
        "snapshots behind an unknown source": all_of(unknown("image"), put("resourcePolicies", POLICY)),
        "a root disk from a snapshot": host(ROOT_COPIED),
        "a root disk that was there": host(put("bootDisk.source", "old-root")),
        "snapshots of a root disk": host(put("bootDisk.initializeParams.resourcePolicies", POLICY)),
        "an odd shape": put("multiWriter", "no"),
    },
    passes={
        "a sentry's": all_of(put("labels", gcp.labels("sentry")), COPIED),
        "a cosigner": host(),
        "a sentry's root disk": host(ROOT_COPIED, role="sentry"),
        "no snapshot when it goes": put("createSnapshotBeforeDestroy", False),
        "one writer": all_of(put("multiWriter", False), put("accessMode", "READ_WRITE_SINGLE")),
        "an empty source": put("snapshot", ""),
        "a key that is unknown": unknown("diskEncryptionKey.kmsKeySelfLink"),
    },
    defers={"a source that is unknown": unknown("sourceDisk")},
)
