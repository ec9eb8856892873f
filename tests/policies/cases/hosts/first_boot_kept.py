"""Cases of hosts-first-boot-kept."""

from policies.rules.hosts.first_boot_kept import RULE
from tests.support.policy_cases import Cases, drop, having, put, unknown
from tests.support.policy_samples import hosts

CASES = Cases(
    rule=RULE,
    good=hosts.aws(),
    fails={
        "nothing ignored": having(ignore_changes=()),
        "AWS, image": having(ignore_changes=("userData",)),
        "AWS, user data": having(ignore_changes=("ami",)),
        "AWS, replaced by user data": put("userDataReplaceOnChange", True),
        "GCP, image": lambda _: having(ignore_changes=('metadata["startup-script"]',))(hosts.gcp()),
        "GCP, script": lambda _: having(ignore_changes=("bootDisk.initializeParams.image",))(hosts.gcp()),
        "GCP, script as another path": lambda _: having(
            ignore_changes=("bootDisk.initializeParams.image", "metadata.startup-script")
        )(hosts.gcp()),
        "droplet, image": lambda _: having(ignore_changes=("sshKeys", "userData"))(hosts.droplet()),
        "droplet, keys": lambda _: having(ignore_changes=("image", "userData"))(hosts.droplet()),
        "droplet, user data": lambda _: having(ignore_changes=("image", "sshKeys"))(hosts.droplet()),
        "an odd shape": put("userDataReplaceOnChange", "false"),
    },
    passes={
        "GCP": lambda _: hosts.gcp(),
        "a droplet": lambda _: hosts.droplet(),
        "not said": drop("userDataReplaceOnChange"),
    },
    defers={"unknown": unknown("userDataReplaceOnChange")},
)
