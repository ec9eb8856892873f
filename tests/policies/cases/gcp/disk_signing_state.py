"""Cases of gcp-disk-signing-state."""

from policies.rules.gcp.disk_signing_state import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import gcp

COPIED = put("snapshot", "before-the-upgrade")

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
        "an odd shape": put("multiWriter", "no"),
    },
    passes={
        "a sentry's": all_of(put("labels", gcp.labels("sentry")), COPIED),
        "one writer": all_of(put("multiWriter", False), put("accessMode", "READ_WRITE_SINGLE")),
        "an empty source": put("snapshot", ""),
        "a key that is unknown": unknown("diskEncryptionKey.kmsKeySelfLink"),
    },
    defers={"a source that is unknown": unknown("sourceDisk")},
)
