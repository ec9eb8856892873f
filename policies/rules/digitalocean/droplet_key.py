"""A droplet is made with nobody's key alone: without a key DigitalOcean mails a root password (droplet reference)."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, SSH_KEY


def _check(stack: Stack) -> Iterator[Finding]:
    def look(droplet: Seen) -> Iterator[str]:
        if not stack.linked(droplet, "sshKeys", SSH_KEY):
            yield "it is made without the key of this program that opens nothing"
        elif droplet.size("sshKeys") != 1:
            yield "it is made with other keys beside the one that opens nothing"

    yield from each(stack.of(DROPLET), look)


RULE: Final = StackRule(
    id="digitalocean-droplet-key",
    title="A droplet is made with the one SSH key that opens nothing.",
    why="Without a key a root password lies in a mailbox; with a real one its owner is root beside the certificates.",
    remedy="set ssh_keys to the id of the site's SshKey, and to nothing else",
    severity=Severity.CRITICAL,
    tags=("identity", "secrets"),
    answers=("CKV_DIO_2", "DIG-0004"),
    waivable=False,
    check=_check,
)
