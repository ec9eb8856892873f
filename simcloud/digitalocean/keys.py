"""SSH keys of the account (digitalocean/sshkey/resource_ssh_key.go; see data/digitalocean.json)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import UNKNOWN
from simcloud.digitalocean.account import FIRST_SSH_KEY, new_number, unprocessable
from simcloud.digitalocean.common import AUTONAME, DigitalOceanModel
from simcloud.digitalocean.tokens import SSH_KEY

LENGTH_BYTES = 4


class SshKey(DigitalOceanModel):
    """A public key that new droplets get for root; droplets keep what they were made with."""

    token = SSH_KEY
    regional = False
    autoname = AUTONAME
    not_empty = frozenset({"name", "publicKey"})

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """White space around a key does not matter."""
        return prop == "publicKey" and UNKNOWN not in (old, new) and old.strip() == new.strip()

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        print_ = fingerprint(inputs["publicKey"])
        others = call.find(SSH_KEY, fingerprint=print_)
        if others:
            raise unprocessable(
                "SSH Key is already in use on your account",
                f"use the one with the id {others[0].id}, or import it; a replacement needs delete_before_replace",
            )
        return Created(new_number(call, "key", FIRST_SSH_KEY), {"fingerprint": print_})


def fingerprint(public_key: str) -> str:
    """The MD5 form of a key's fingerprint; raises the API's answer for what is no key."""
    kind, _, rest = public_key.strip().partition(" ")
    try:
        blob = base64.b64decode(rest.partition(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if not kind or blob[LENGTH_BYTES : LENGTH_BYTES + len(kind)] != kind.encode():
        raise unprocessable(
            "Key invalid, key should be of the format `type key [comment]`", "give the text of an OpenSSH .pub file"
        )
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2))
