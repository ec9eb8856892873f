"""The key in the account is nobody's: its point is a hash of a sentence, so no private half was ever made.

The rule makes the key anew from the sentence, which stands in `components.digitalocean.nobodys_key` too.
"""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import SSH_KEY

ATTEMPTS: Final = 64
"""About every second hash is a point of the curve, and the first one is taken."""
HEAD: Final = b"\0\0\0\x0bssh-ed25519\0\0\0\x20"
SENTENCE: Final = (
    "Redoubt: nobody has a private half of this key of site {site} of fleet {fleet}, stack {stack}. Try {attempt}."
)


def _check(key: Seen) -> Iterator[str]:
    stack = key.urn.split(":")[2]
    site = key.name.removesuffix("-nobody")
    fleet = key.text("name").removesuffix(f"-{stack}-{key.name}")
    if key.text("publicKey") not in _keys(fleet, stack, site):
        yield "its public key does not come from the sentence that says it is nobody's"


def _keys(fleet: str, stack: str, site: str) -> Iterator[str]:
    for attempt in range(ATTEMPTS):
        sentence = SENTENCE.format(site=site, fleet=fleet, stack=stack, attempt=attempt)
        yield f"ssh-ed25519 {base64.b64encode(HEAD + hashlib.sha256(sentence.encode()).digest()).decode()}"


RULE: Final = Rule(
    id="digitalocean-nobodys-key",
    title="The SSH key that droplets are made with has no private half.",
    why="Whoever holds the private half of a droplet's key is root on every host made with it, signers among them.",
    remedy="set public_key to components.digitalocean.nobodys_key.public_key of fleet, stack and site",
    severity=Severity.CRITICAL,
    tags=("identity", "secrets"),
    waivable=False,
    types=frozenset({SSH_KEY}),
    check=_check,
)
