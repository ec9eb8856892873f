"""Cases of gcp-instance-metadata."""

from policies.rules.gcp.instance_metadata import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "project-wide keys": put("metadata.block-project-ssh-keys", "FALSE"),
        "project-wide keys not blocked": drop("metadata.block-project-ssh-keys"),
        "serial console": put("metadata.serial-port-enable", "TRUE"),
        "OS Login": put("metadata.enable-oslogin", "TRUE"),
        "OS Config": put("metadata.enable-osconfig", "TRUE"),
        "guest attributes": put("metadata.enable-guest-attributes", "TRUE"),
        "no metadata": drop("metadata"),
        "SSH keys": put("metadata.ssh-keys", "root:ssh-ed25519 AAAA"),
        "SSH keys by the old name": put("metadata.sshKeys", "root:ssh-ed25519 AAAA"),
        "a start-up script from elsewhere": put("metadata.startup-script-url", "gs://scripts/start"),
        "a shutdown script from elsewhere": put("metadata.shutdown-script-url", "gs://scripts/stop"),
        "SSH keys that are unknown": unknown("metadata.ssh-keys"),
        "an odd shape": put("metadata.enable-oslogin", False),
        "wrong behind an unknown one": all_of(
            unknown("metadata.block-project-ssh-keys"), put("metadata.serial-port-enable", "TRUE")
        ),
    },
    passes={
        "small letters": put("metadata.serial-port-enable", "false"),
        "another script": put("metadata.startup-script", "#!/bin/sh\n"),
        "a script that is unknown": unknown("metadata.startup-script"),
    },
    defers={"OS Login unknown": unknown("metadata.enable-oslogin"), "all unknown": unknown("metadata")},
)
