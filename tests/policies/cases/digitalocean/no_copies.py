"""Cases of digitalocean-no-copies."""

from policies.rules.digitalocean.no_copies import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "backups": put("backups", True),
        "a backup policy": put("backupPolicy", {"plan": "daily"}),
        "an image by number": put("image", "12345678"),
        "an image by number with a space": put("image", " 12345678"),
        "no image": drop("image"),
        "a volume from a snapshot": lambda _: put("snapshotId", "8fa70202")(do.volume()),
        "an odd shape": put("backups", "false"),
    },
    passes={
        "backups not said": drop("backups"),
        "policy empty": put("backupPolicy", {}),
        "a volume": lambda _: do.volume(),
        "a volume with an empty snapshot": lambda _: put("snapshotId", "")(do.volume()),
        "a sentry": lambda _: do.droplet("sentry"),
    },
    defers={
        "backups unknown": unknown("backups"),
        "image unknown": unknown("image"),
        "snapshot unknown": lambda _: unknown("snapshotId")(do.volume()),
    },
)
