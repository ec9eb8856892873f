"""Machines of the three clouds as their user data shows them, and commands in the shape of pulumi-command 1.2.1."""

import json
from typing import Any

from pulumi import StringAsset

from tests.support.policy_cases import Change, Sample, put
from tests.support.policy_samples import digitalocean

GCP_SITE = "urn:pulumi:testnet::redoubt::pulumi:providers:gcp::s2-gcp"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIQF9kgjqSndTKDoz+zCNdMgKKWFFGbwnooZIGNPuBe2"
SCRIPT = """\
#!/bin/sh
set -eu
name=redoubt-testnet-s2-cosigner-1
if ! grep -q "^redoubt:" "$ROOT/etc/passwd"; then useradd -m -s /bin/bash redoubt; fi
put 440 /etc/sudoers.d/90-redoubt 'redoubt ALL=(ALL) NOPASSWD:ALL
'

put 644 /etc/default/instance_configs.cfg '[Daemons]
accounts_daemon = false

[InstanceSetup]
set_host_keys = false
'
agent=$changed
put 644 /etc/ssh/redoubt_user_ca.pub 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIQF9kgjqSndTKDoz+zCNdMgKKWFFGbwnooZIGNPuBe2
'
put 644 /etc/ssh/redoubt_principals/redoubt 'redoubt-testnet
redoubt-testnet:cosigner
'
put 644 /etc/ssh/sshd_config.d/00-redoubt.conf 'SSHD'
key=$ROOT/etc/ssh/ssh_host_ed25519_key
"""


def droplet() -> Sample:
    return digitalocean.droplet()


def aws() -> Sample:
    return Sample(
        type="aws:ec2/instance:Instance",
        name="s1-cosigner-1",
        protect=True,
        ignore_changes=("ami", "userData"),
        props={
            "ami": "ami-0123456789abcdef0",
            "userData": digitalocean.cloud_config(digitalocean.document("s1-cosigner-1")),
            "userDataReplaceOnChange": False,
            "tags": {"redoubt:role": "cosigner"},
            "region": "eu-central-1",
        },
    )


def gcp() -> Sample:
    return Sample(
        type="gcp:compute/instance:Instance",
        name="s2-cosigner-1",
        protect=True,
        provider=GCP_SITE,
        ignore_changes=("bootDisk.initializeParams.image", 'metadata["startup-script"]', "attachedDisks"),
        props={
            "metadata": {
                "serial-port-enable": "FALSE",
                "enable-oslogin": "FALSE",
                "enable-osconfig": "FALSE",
                "startup-script": SCRIPT.replace("SSHD", digitalocean.sshd()),
                "enable-guest-attributes": "FALSE",
                "block-project-ssh-keys": "TRUE",
            },
            "labels": {"redoubt-role": "cosigner"},
        },
    )


def said(change: Change) -> Change:
    """Changes the cloud-config, as if its parts were properties."""

    def changed(sample: Sample) -> Sample:
        head, _, body = str(sample.props["userData"]).partition("\n")
        document = Sample(type="", name="", props=json.loads(body))
        return put("userData", f"{head}\n{json.dumps(change(document).props)}\n")(sample)

    return changed


def swapped(old: str, new: str) -> Change:
    """Changes what a machine runs, as text."""

    def changed(sample: Sample) -> Sample:
        if sample.type.startswith("gcp:"):
            text = str(sample.props["metadata"]["startup-script"])
            assert old in text, f"{old!r} is not in the script"
            return put("metadata.startup-script", text.replace(old, new, 1))(sample)
        text = str(sample.props["userData"])
        assert old in text, f"{old!r} is not in the user data"
        return put("userData", text.replace(old, new, 1))(sample)

    return changed


def leg(host: str) -> dict[str, Any]:
    return {
        "host": host,
        "user": "redoubt",
        "port": 22.0,
        "hostKey": HOST_KEY,
        "dialErrorLimit": 10.0,
        "perDialTimeout": 15.0,
    }


UNKNOWN_CONNECTION = {"host": "", "user": "root", "port": 22.0, "dialErrorLimit": 10.0, "perDialTimeout": 15.0}
"""What a policy sees of a connection that is unknown in any part (facts of the plugin, 1.2.1)."""


def remote(name: str = "s1-cosigner-1-bundle") -> Sample:
    return Sample(
        type="command:remote:Command",
        name=name,
        parent="urn:pulumi:testnet::redoubt::redoubt:aws:Site$redoubt:aws:CosignerGroup::s1-cosigner",
        provider=None,
        props={
            "connection": {**leg("10.1.8.140"), "proxy": leg("198.18.0.7")},
            "create": "sudo /usr/local/sbin/redoubt-apply",
            "update": "sudo /usr/local/sbin/redoubt-apply",
            "stdin": "table inet redoubt {\n}\n",
            "environment": {"REDOUBT_HOST": "s1-cosigner-1"},
            "triggers": ["3f6d6e1c"],
            "addPreviousOutputInEnv": False,
            "__defaults": [],
        },
    )


def copy() -> Sample:
    connection = remote().props["connection"]
    return Sample(
        type="command:remote:CopyToRemote",
        name="s1-cosigner-1-files",
        provider=None,
        props={
            "connection": connection,
            "remotePath": "/run/redoubt/bundle",
            "source": StringAsset("table inet redoubt {\n}\n"),
            "triggers": ["3f6d6e1c"],
        },
    )


def local() -> Sample:
    return Sample(
        type="command:local:Command",
        name="read-host-keys",
        provider=None,
        props={
            "create": "ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/run/known s1-gateway-1 true",
            "update": "true",
            "interpreter": ["/bin/sh", "-c"],
            "environment": {"SSH_AUTH_SOCK": "/run/agent"},
            "triggers": ["3f6d6e1c"],
        },
    )
