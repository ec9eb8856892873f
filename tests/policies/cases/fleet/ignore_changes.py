"""Cases of fleet-ignore-changes."""

from policies.rules.fleet.ignore_changes import RULE
from tests.support.policy_cases import Cases, having
from tests.support.policy_samples.fleet import INSTANCE, one

CASES = Cases(
    rule=RULE,
    good=one(INSTANCE, "s1-cosigner-1"),
    fails={
        "everything": having(ignore_changes=("*",)),
        "a firewall": having(ignore_changes=("ami", "vpcSecurityGroupIds")),
        "tags": having(ignore_changes=("tags", "ami")),
        "all metadata": having(ignore_changes=("metadata",)),
    },
    passes={
        "nothing": having(ignore_changes=()),
        **{
            f"only {path}": having(ignore_changes=(path,))
            for path in (
                "ami",
                "image",
                "userData",
                "sshKeys",
                "bootDisk.initializeParams.image",
                'metadata["startup-script"]',
                "attachedDisks",
            )
        },
    },
)
