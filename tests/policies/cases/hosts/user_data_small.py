"""Cases of hosts-user-data-small."""

from policies.rules.hosts.user_data_small import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import hosts

CASES = Cases(
    rule=RULE,
    good=hosts.droplet(),
    fails={
        "too large": put("userData", "x" * 4097),
        "too large in bytes": put("userData", "é" * 2049),
        "none": drop("userData"),
        "empty": put("userData", ""),
        "an instance on AWS": lambda _: put("userData", "x" * 4097)(hosts.aws()),
        "an instance on GCP": lambda _: put("metadata.startup-script", "x" * 4097)(hosts.gcp()),
        "no script on GCP": lambda _: drop("metadata.startup-script")(hosts.gcp()),
        "an odd shape": put("userData", ["x"]),
    },
    passes={
        "as large as may be": put("userData", "x" * 4096),
        "an instance on AWS": lambda _: hosts.aws(),
        "an instance on GCP": lambda _: hosts.gcp(),
    },
    defers={
        "unknown": unknown("userData"),
        "unknown on GCP": lambda _: unknown("metadata.startup-script")(hosts.gcp()),
    },
)
