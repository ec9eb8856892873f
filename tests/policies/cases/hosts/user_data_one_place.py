"""Cases of hosts-user-data-one-place."""

from policies.rules.hosts.user_data_one_place import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import hosts

CASES = Cases(
    rule=RULE,
    good=hosts.gcp(),
    fails={
        "a startup script of its own": put("metadataStartupScript", "true"),
        "a script from a bucket": put("metadata.startup-script-url", "gs://x/y"),
        "a shutdown script": put("metadata.shutdown-script", "true"),
        "user data": put("metadata.user-data", "#cloud-config"),
        "SSH keys": put("metadata.ssh-keys", "me:ssh-ed25519 x"),
        "user data as base64": lambda _: put("userDataBase64", "eA==")(hosts.aws()),
        "an odd shape": put("metadata", "true"),
    },
    passes={
        "empty": put("metadataStartupScript", ""),
        "an instance on AWS": lambda _: hosts.aws(),
        "a droplet": lambda _: hosts.droplet(),
        "no metadata": drop("metadata"),
        "a value unknown": unknown("metadata.startup-script"),
    },
    defers={"unknown": unknown("metadataStartupScript"), "metadata unknown": unknown("metadata")},
)
