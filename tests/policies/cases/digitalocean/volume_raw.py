"""Cases of digitalocean-volume-raw."""

from policies.rules.digitalocean.volume_raw import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.volume(),
    fails={
        "a file system": put("initialFilesystemType", "ext4"),
        "a file system, the old way": put("filesystemType", "xfs"),
        "a label": put("initialFilesystemLabel", "data"),
        "a description": put("description", "data"),
        "an odd shape": put("initialFilesystemType", ["ext4"]),
    },
    passes={"empty": put("description", "")},
    defers={"unknown": unknown("initialFilesystemType")},
)
