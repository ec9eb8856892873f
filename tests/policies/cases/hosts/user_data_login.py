"""Cases of hosts-user-data-login."""

from policies.rules.hosts.user_data_login import RULE, WANTED
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import hosts
from tests.support.policy_samples.digitalocean import sshd
from tests.support.policy_samples.hosts import said, swapped

SSHD, CA = "write_files.2.content", "write_files.0.content"
LINES = {line.partition(" ")[0].lower(): line for line in sshd().splitlines()}

CASES = Cases(
    rule=RULE,
    good=hosts.droplet(),
    fails={
        **{f"{keyword} gone": said(put(SSHD, sshd().replace(f"{LINES[keyword]}\n", ""))) for keyword in WANTED},
        **{
            f"{keyword} otherwise": said(put(SSHD, sshd().replace(LINES[keyword], f"{keyword} x")))
            for keyword in WANTED
        },
        "another value first": said(put(SSHD, "PasswordAuthentication yes\n" + sshd())),
        "another value first, with a tab": said(put(SSHD, "  passwordauthentication\tyes\n" + sshd())),
        "another value first, with a sign": said(put(SSHD, "PasswordAuthentication=yes\n" + sshd())),
        "a command that says whose key is good": said(put(SSHD, sshd() + "AuthorizedKeysCommand /bin/x\n")),
        "a command that says who it is": said(put(SSHD, sshd() + "AuthorizedPrincipalsCommand /bin/x\n")),
        "another port": said(put(SSHD, sshd() + "Port 2222\n")),
        "a keyword in quotes": said(put(SSHD, '"PasswordAuthentication" yes\n' + sshd())),
        "settings for some": said(put(SSHD, sshd() + "Match User root\nPermitRootLogin yes\n")),
        "settings from elsewhere": said(put(SSHD, "Include /tmp/x\n" + sshd())),
        "no settings": said(drop("write_files.2")),
        "settings in another file": said(put("write_files.2.path", "/etc/ssh/sshd_config.d/99.conf")),
        "settings twice": said(put("write_files.1.path", "/etc/ssh/sshd_config.d/00-redoubt.conf")),
        "another file": said(put("write_files.1.path", "/etc/cron.d/x")),
        "a file from elsewhere": said(put("write_files.0.source", {"uri": "https://192.0.2.1/ca"})),
        "no files": said(drop("write_files")),
        "no user CA": said(drop("write_files.0")),
        "two user CAs": said(put(CA, f"{hosts.HOST_KEY}\n{hosts.HOST_KEY}\n")),
        "a user CA of RSA": said(put(CA, "ssh-rsa AAAA\n")),
        "an empty user CA": said(put(CA, "")),
        "password login": said(put("ssh_pwauth", True)),
        "password login not refused": said(drop("ssh_pwauth")),
        "root": said(put("disable_root", False)),
        "root not refused": said(drop("disable_root")),
        "a password": said(put("password", "x")),
        "keys": said(put("ssh_authorized_keys", [])),
        "a user's keys": said(put("users.0.ssh_import_id", ["gh:x"])),
        "a user's password": said(put("users.0.lock_passwd", False)),
        "a user's password not locked": said(drop("users.0.lock_passwd")),
        "another user": said(
            put("users", [{"name": "redoubt", "lock_passwd": True}, {"name": "me", "lock_passwd": True}])
        ),
        "the image's user": said(put("users.0.name", "debian")),
        "no users": said(drop("users")),
        "a command that sets a password": said(put("runcmd", ["echo me:x | chpasswd"])),
        "a command that adds a key": said(put("runcmd", ["echo x >>/root/.ssh/authorized_keys"])),
        "a script": put("userData", "#!/bin/sh\n{}"),
        "no JSON": put("userData", "#cloud-config\nssh_pwauth: false\n"),
        "a list": put("userData", "#cloud-config\n[]"),
        "none": drop("userData"),
        "an instance on AWS": lambda _: said(put("ssh_pwauth", True))(hosts.aws()),
        "a password on GCP": lambda _: swapped("PasswordAuthentication no", "PasswordAuthentication yes")(hosts.gcp()),
        "a command on GCP": lambda _: swapped("set -eu", "echo me:x | chpasswd")(hosts.gcp()),
        "no settings on GCP": lambda _: swapped("/00-redoubt.conf", "/99.conf")(hosts.gcp()),
        "another file on GCP": lambda _: swapped("set -eu", "put 644 /etc/cron.d/x 'x'")(hosts.gcp()),
        "no login on GCP": lambda _: swapped("put 440 /etc/sudoers.d", "#")(hosts.gcp()),
        "the agent's users on GCP": lambda _: swapped("accounts_daemon = false", "accounts_daemon = true")(hosts.gcp()),
        "no settings of the agent on GCP": lambda _: swapped("/etc/default/instance_configs.cfg", "/etc/x")(
            hosts.gcp()
        ),
        "no script on GCP": lambda _: drop("metadata.startup-script")(hosts.gcp()),
        "an odd shape": said(put("users", "redoubt")),
    },
    passes={
        "an instance on AWS": lambda _: hosts.aws(),
        "an instance on GCP": lambda _: hosts.gcp(),
        "a user CA on a token, with a comment": said(put(CA, "sk-ssh-ed25519@openssh.com AAAA= the safe\n")),
        "a gateway's forwarding": said(put(SSHD, sshd() + "AllowTcpForwarding local\nPermitOpen *:22\n")),
        "an empty line": said(put(SSHD, sshd() + "\n \n")),
        "another value later": said(put(SSHD, sshd() + "PasswordAuthentication yes\n")),
        "less of a user": said(all_of(drop("users.0.shell"), drop("users.0.sudo"))),
    },
    defers={
        "unknown": unknown("userData"),
        "unknown on GCP": lambda _: unknown("metadata.startup-script")(hosts.gcp()),
    },
)
