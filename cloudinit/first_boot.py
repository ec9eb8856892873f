"""First-boot user data: just enough that operators get in by certificate and nobody else does.

It is small, holds no secret and stays the same for the life of a host: a change of user data replaces a droplet and
silently does nothing on AWS. All that changes later is applied over SSH, on clouds and metal alike. GCP's image has no
cloud-init; there the same files are written by `startup_script`.
"""

import json
from dataclasses import dataclass
from typing import Final

from fleet.hosts import Host
from fleet.plan import Plan

LOGIN: Final = "redoubt"
"""The one login name: another name for each operator would re-run every command for the next operator."""
LARGEST_BYTES: Final = 4096

KEY_EXCHANGE: Final = "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com"
"""Post-quantum only, as ssh-audit's policy for Debian 13 has it."""


FINISH: Final = (
    "/usr/sbin/sshd -t && systemctl reload ssh && touch /etc/cloud/cloud-init.disabled "
    "|| { echo 'redoubt: sshd refuses its settings, cloud-init stays on' >/dev/console; exit 1; }"
)
"""One command: cloud-init runs the entries of runcmd one after the other, whether they succeed or not."""


@dataclass(frozen=True, kw_only=True)
class BootFile:
    """A file that first boot writes, owned by root and readable by all."""

    path: str
    content: str


def boot_files(planned: Plan, host: Host) -> tuple[BootFile, ...]:
    """The files by which sshd knows whom to let in."""
    return (
        BootFile(path="/etc/ssh/redoubt_user_ca.pub", content=planned.ssh_user_ca + "\n"),
        BootFile(path=f"/etc/ssh/redoubt_principals/{LOGIN}", content=principals(planned, host)),
        BootFile(path="/etc/ssh/sshd_config.d/00-redoubt.conf", content=sshd_drop_in(host)),
    )


def sshd_drop_in(host: Host) -> str:
    """The server's settings. Named `00-`, since sshd takes the first value and images ship drop-ins of their own."""
    lines = [
        "HostKey /etc/ssh/ssh_host_ed25519_key",
        f"KexAlgorithms {KEY_EXCHANGE}",
        "TrustedUserCAKeys /etc/ssh/redoubt_user_ca.pub",
        "AuthorizedPrincipalsFile /etc/ssh/redoubt_principals/%u",
        "AuthorizedKeysFile none",
        "AuthenticationMethods publickey",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin no",
        "X11Forwarding no",
        "AllowAgentForwarding no",
        "AllowStreamLocalForwarding no",
        *_forwarding(host),
        "LogLevel VERBOSE",
    ]
    return "\n".join(lines) + "\n"


def _forwarding(host: Host) -> list[str]:
    """Only a gateway forwards, and only to port 22.

    PermitOpen knows no ranges, and naming the hosts would change user data with every host: the flow matrix and both
    firewalls decide which hosts a gateway reaches.
    """
    return ["AllowTcpForwarding local", "PermitOpen *:22"] if host.role == "gateway" else ["AllowTcpForwarding no"]


def principals(planned: Plan, host: Host) -> str:
    """The certificate principals that may log in: those for the whole fleet, and those for this role."""
    scope = f"{planned.fleet}-{planned.stack}"
    return f"{scope}\n{scope}:{host.role}\n"


def user_data(planned: Plan, host: Host) -> str:
    """The cloud-config of a host (JSON, which is YAML).

    Raises:
        ValueError: When it has grown beyond `LARGEST_BYTES`.
    """
    document = {
        "hostname": host.full_name,
        "manage_etc_hosts": True,
        "ssh_deletekeys": False,
        "ssh_genkeytypes": ["ed25519"],
        "ssh_pwauth": False,
        "disable_root": True,
        "users": [{"name": LOGIN, "shell": "/bin/bash", "lock_passwd": True, "sudo": "ALL=(ALL) NOPASSWD:ALL"}],
        "write_files": [
            {"path": file.path, "owner": "root:root", "permissions": "0644", "content": file.content}
            for file in boot_files(planned, host)
        ],
        "runcmd": [["sh", "-c", FINISH]],
    }
    return fitting("#cloud-config\n" + json.dumps(document, indent=1) + "\n", host)


def fitting(text: str, host: Host) -> str:
    """The text, if first boot may have it.

    Raises:
        ValueError: When it has grown beyond `LARGEST_BYTES`.
    """
    size = len(text.encode())
    if size > LARGEST_BYTES:
        message = f"user data of {host.name} has {size} bytes, at most {LARGEST_BYTES}: move it to a bundle"
        raise ValueError(message)
    return text
