"""Cases of hosts-user-data-host-keys."""

from policies.rules.hosts.user_data_host_keys import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import hosts
from tests.support.policy_samples.hosts import said, swapped

CASES = Cases(
    rule=RULE,
    good=hosts.droplet(),
    fails={
        "deleted": said(put("ssh_deletekeys", True)),
        "deletion not refused": said(drop("ssh_deletekeys")),
        "other keys": said(put("ssh_genkeytypes", ["ed25519", "rsa"])),
        "no keys": said(put("ssh_genkeytypes", [])),
        "keys not said": said(drop("ssh_genkeytypes")),
        "cloud-init stays on": said(drop("runcmd")),
        "none": drop("userData"),
        "no JSON": put("userData", "#cloud-config\nssh_deletekeys: false\n"),
        "another head": swapped("#cloud-config", "#!/bin/sh"),
        "an instance on AWS": lambda _: said(put("ssh_deletekeys", True))(hosts.aws()),
        "the agent's on GCP": lambda _: swapped("set_host_keys = false", "set_host_keys = true")(hosts.gcp()),
        "no script on GCP": lambda _: drop("metadata.startup-script")(hosts.gcp()),
        "an odd shape": said(put("ssh_deletekeys", "false")),
    },
    passes={"an instance on AWS": lambda _: hosts.aws(), "an instance on GCP": lambda _: hosts.gcp()},
    defers={
        "unknown": unknown("userData"),
        "unknown on GCP": lambda _: unknown("metadata.startup-script")(hosts.gcp()),
    },
)
