"""First boot lets in whoever has a certificate of the fleet's user CA, and nobody else, by password least of all.

sshd takes the first value of a keyword (sshd_config(5)), which is why the drop-in is named `00-`.
"""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.fields import KEY_TYPES
from policies.blocks import Block
from policies.rule import Rule, Seen
from policies.rules.hosts.boot import GCP, TYPES, boot_text, document, files

AGENT: Final = "/etc/default/instance_configs.cfg"
USER_CA: Final = "/etc/ssh/redoubt_user_ca.pub"
PRINCIPALS: Final = "/etc/ssh/redoubt_principals/redoubt"
SSHD: Final = "/etc/ssh/sshd_config.d/00-redoubt.conf"
SUDO: Final = "/etc/sudoers.d/90-redoubt"
ON_GCP: Final = frozenset({AGENT, SUDO})
"""Files that cloud-init has words for."""
KEYS: Final = frozenset(
    {
        "disable_root",
        "hostname",
        "manage_etc_hosts",
        "runcmd",
        "ssh_deletekeys",
        "ssh_genkeytypes",
        "ssh_pwauth",
        "users",
        "write_files",
    }
)
FILE_KEYS: Final = frozenset({"content", "owner", "path", "permissions"})
USER_KEYS: Final = frozenset({"lock_passwd", "name", "shell", "sudo"})
"""What cloud-config may say: it has a dozen other words for passwords and keys (cloud-init, modules)."""
WANTED: Final = {
    "authenticationmethods": "publickey",
    "authorizedkeysfile": "none",
    "authorizedprincipalsfile": "/etc/ssh/redoubt_principals/%u",
    "hostkey": "/etc/ssh/ssh_host_ed25519_key",
    "kbdinteractiveauthentication": "no",
    "passwordauthentication": "no",
    "permitrootlogin": "no",
    "trustedusercakeys": USER_CA,
}
HARMLESS: Final = frozenset(
    {
        "allowagentforwarding",
        "allowstreamlocalforwarding",
        "allowtcpforwarding",
        "kexalgorithms",
        "loglevel",
        "permitopen",
        "x11forwarding",
    }
)
"""Other keywords of the drop-in, which let nobody in. What is in neither list may: a command that says whose key is good
(AuthorizedKeysCommand, AuthorizedPrincipalsCommand), another port, Include, Match.
"""
WORDS: Final = re.compile(r"chpasswd|authorized_keys")
"""Commands and files that let somebody in beside the certificates."""
_BETWEEN: Final = re.compile(r"[\s=]+")
"""Between a keyword and its value."""
_CA: Final = re.compile(rf"(?:{'|'.join(re.escape(kind) for kind in KEY_TYPES)}) [A-Za-z0-9+/=]+(?: [^\n]*)?\n")


def _check(machine: Seen) -> Iterator[str]:
    if WORDS.search(boot_text(machine)):
        yield "it sets a password or an authorized key"
    if machine.type != GCP:
        yield from _cloud_config(document(machine))
    expected = {USER_CA, PRINCIPALS, SSHD} | (ON_GCP if machine.type == GCP else frozenset())
    written = files(machine)
    if sorted(path for path, _ in written) != sorted(expected):
        yield "it does not write each file of cloudinit once, and no other"
    content = dict(written)
    if not _CA.fullmatch(content.get(USER_CA, "")):
        yield "it trusts something else than one ed25519 user CA"
    yield from _sshd(content.get(SSHD, ""))
    if machine.type == GCP and "accounts_daemon = false" not in content.get(AGENT, "").splitlines():
        yield "the guest agent may add users and keys from metadata"


def _cloud_config(said: Block) -> Iterator[str]:
    for key in sorted(said.values.keys() - KEYS):
        yield f"its cloud-config says {key}, which first boot does not need"
    if said.flag("ssh_pwauth") is not False:
        yield "cloud-init may turn password login on"
    if said.flag("disable_root") is not True:
        yield "cloud-init may let root in"
    users: list[str] = []

    def user(one: Block) -> Iterator[str]:
        users.append(one.text("name"))
        for key in sorted(one.values.keys() - USER_KEYS):
            yield f"its cloud-config says {key} of a user"
        if one.flag("lock_passwd") is not True:
            yield "a user may have a password"

    def file(one: Block) -> Iterator[str]:
        for key in sorted(one.values.keys() - FILE_KEYS):
            yield f"its cloud-config says {key} of a file, by which other content may come"

    yield from said.each_block("write_files", file)
    yield from said.each_block("users", user)
    if users != ["redoubt"]:
        yield "it makes other users than redoubt"


def _sshd(text: str) -> Iterator[str]:
    first: dict[str, str] = {}
    for line in filter(str.strip, text.split("\n")):
        keyword, *value = _BETWEEN.split(line.strip(), maxsplit=1)
        first.setdefault(keyword.lower(), "".join(value))
    for keyword in sorted(first.keys() - WANTED.keys() - HARMLESS):
        yield f"sshd's settings have {keyword}, which first boot does not need"
    for keyword, value in WANTED.items():
        if first.get(keyword) != value:
            yield f"sshd's settings do not have {keyword} at {value}"


RULE: Final = Rule(
    id="hosts-user-data-login",
    title="First boot lets in certificates of the fleet's user CA and nobody else.",
    why="A password or a stray key is a login to a validator that no certificate's expiry ends.",
    remedy="make it with cloudinit.first_boot.user_data, or cloudinit.startup_script.startup_script on GCP",
    severity=Severity.CRITICAL,
    tags=("identity", "exposure"),
    waivable=False,
    types=TYPES,
    check=_check,
)
