"""An SSH public key that opens nothing, since DigitalOcean mails a root password for a droplet that has no key.

Nobody ever had a private half. An ed25519 public key is a point A on the curve, and a private half is a number that
leads to A; whoever makes a key begins with the number. Here the 32 bytes of A are SHA-256 of a sentence, so A was not
made from a number, and finding one is the discrete logarithm on the curve, about 2^126 steps. The sentence is plain to
read and leaves no room to search for an A with a known number: its only free part is a counter, which is the lowest at
which the bytes are a point at all (RFC 8032, section 5.1.3: about every second string is). That they happen to be one of
the eight points of small order, for which signatures can be forged, has a chance of 2^-252.

It is the second bolt: sshd of our hosts reads no authorized keys (`cloudinit.first_boot`). The sentence names fleet,
stack and site, since an account holds a public key only once.
"""

import base64
import hashlib
from itertools import count
from typing import Final

PRIME: Final = 2**255 - 19
"""The field of the curve (RFC 8032, section 5.1)."""
CURVE_D: Final = -121665 * pow(121666, -1, PRIME) % PRIME
"""The constant d of the curve -x^2 + y^2 = 1 + d x^2 y^2."""
ALGORITHM: Final = b"ssh-ed25519"
SENTENCE: Final = (
    "Redoubt: nobody has a private half of this key of site {site} of fleet {fleet}, stack {stack}. Try {attempt}."
)


def is_point(encoded: bytes) -> bool:
    """Whether 32 bytes are a point of the curve: y below the prime, with the sign of an x that exists in the top bit."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number % 2**255
    if len(encoded) != 32 or y >= PRIME:
        return False
    x_squared = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    if x_squared == 0:
        return sign == 0
    return pow(x_squared, (PRIME - 1) // 2, PRIME) == 1


def point(fleet: str, stack: str, site: str) -> bytes:
    """The first hash of the sentence that is a point."""
    sentences = (SENTENCE.format(fleet=fleet, stack=stack, site=site, attempt=attempt) for attempt in count(1))
    digests = (hashlib.sha256(sentence.encode()).digest() for sentence in sentences)
    return next(digest for digest in digests if is_point(digest))


def public_key(fleet: str, stack: str, site: str) -> str:
    """The key as OpenSSH writes it (RFC 8709), without a comment.

    Args:
        fleet: The fleet's name.
        stack: The stack's name.
        site: The logical name of the site, which does not change when people rename it.
    """
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (ALGORITHM, point(fleet, stack, site)))
    return f"{ALGORITHM.decode()} {base64.b64encode(blob).decode()}"
