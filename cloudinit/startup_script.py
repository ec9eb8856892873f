"""First boot on GCP, whose Debian image has Google's guest agent and no cloud-init: a startup script.

It writes what `first_boot.user_data` has cloud-init write. The agent runs it as root at every boot, so a second run
changes nothing, and a host that lost a file gets it back. It deletes no host key and makes one only where there is none.
The agent would add users and keys from metadata, and make new host keys when a disk finds itself in another instance;
both are switched off in its configuration (GoogleCloudPlatform/guest-agent, README, Configuration). An agent that runs
already has to be told: `ggactl_plugin` from version 20250901 on, its systemd unit before that (Compute Engine, Configure
the guest agent). That comes last, since newer agents may run this script themselves.
"""

from shlex import quote
from typing import Final

from cloudinit.first_boot import LOGIN, boot_files, fitting
from fleet.hosts import Host
from fleet.plan import Plan

AGENT_CONFIG: Final = "[Daemons]\naccounts_daemon = false\n\n[InstanceSetup]\nset_host_keys = false\n"
"""What is not named here keeps the agent's default."""

HEAD: Final = """\
#!/bin/sh
# Written by Redoubt, runs at every boot: a second run changes nothing. ROOT is for tests.
set -eu
umask 022
ROOT=${ROOT-}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# put MODE PATH CONTENT: writes the file, at once or not at all, where it differs. Sets changed.
put() {
    changed=
    target=$ROOT$2
    if [ -f "$target" ] && [ "$(stat -c %a "$target")" = "$1" ] && printf '%s' "$3" | cmp -s - "$target"; then
        return
    fi
    mkdir -p "${target%/*}"
    rm -f "$target.new"
    printf '%s' "$3" >"$target.new"
    chmod "$1" "$target.new"
    sync "$target.new"
    mv -f "$target.new" "$target"
    changed=yes
}
"""

NAME: Final = """\
if [ "$(hostname)" != "$name" ]; then hostnamectl set-hostname "$name"; fi
if ! grep -qxF "127.0.1.1 $name" "$ROOT/etc/hosts"; then echo "127.0.1.1 $name" >>"$ROOT/etc/hosts"; fi
"""
"""The second line lets sudo resolve the host's name where no resolver can be reached."""

TAIL: Final = """\
key=$ROOT/etc/ssh/ssh_host_ed25519_key
if [ ! -s "$key" ]; then
    rm -f "$key.new" "$key.new.pub"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$key.new"
    sync "$key.new" "$key.new.pub"
    mv -f "$key.new.pub" "$key.pub"
    mv -f "$key.new" "$key"
    reload=yes
fi

status=0
if [ -n "$reload" ]; then
    if "$(command -v sshd)" -t; then
        systemctl reload-or-restart ssh
    else
        echo 'redoubt: sshd refuses its settings and was not reloaded' >&2
        status=1
    fi
fi
if [ -n "$agent" ]; then
    systemctl try-restart google-guest-agent
    if command -v ggactl_plugin >/dev/null; then ggactl_plugin coreplugin restart; fi
fi
exit "$status"
"""


def startup_script(planned: Plan, host: Host) -> str:
    """The startup script of a host: the same bytes for its life.

    Raises:
        ValueError: When it has grown beyond `first_boot.LARGEST_BYTES`.
    """
    name = f"name={quote(host.full_name)}\n{NAME}"
    return fitting("\n".join((HEAD, name, _login(), _files(planned, host), TAIL)), host)


def _login() -> str:
    """The one login, without a password."""
    rule = f"{LOGIN} ALL=(ALL) NOPASSWD:ALL\n"
    return (
        f'if ! grep -q "^{LOGIN}:" "$ROOT/etc/passwd"; then useradd -m -s /bin/bash {LOGIN}; fi\n'
        f"put 440 /etc/sudoers.d/90-redoubt {quote(rule)}\n"
    )


def _files(planned: Plan, host: Host) -> str:
    """The agent's configuration first: what follows must not be undone by it."""
    lines = [f"put 644 /etc/default/instance_configs.cfg {quote(AGENT_CONFIG)}", "agent=$changed", "reload="]
    for file in boot_files(planned, host):
        lines += [f"put 644 {file.path} {quote(file.content)}", "reload=$reload$changed"]
    return "\n".join(lines) + "\n"
