"""The types of single fields: what a valid value looks like, and the remedy where it does not.

A message never repeats the value that it refuses: a private key pasted into the wrong field must not reach a log.
"""

import base64
import binascii
import re
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, UrlConstraints, WithJsonSchema

from fleet.addressing import NOT_GLOBAL
from fleet.naming import LONGEST_FLEET
from fleet.problems import Refusal

PLACEHOLDER: Final = "REPLACE-WITH-"
"""What the committed stack files carry where an operator must put something of their own."""

KEY_TYPES: Final = ("ssh-ed25519", "sk-ssh-ed25519@openssh.com")
WIDEST_ADMIN_PREFIX: Final = 24
LONGEST_KEY_LINE: Final = 300


def not_placeholder(value: object) -> object:
    """Refuses what the example stack files leave for the operator to fill in."""
    if isinstance(value, str) and value.startswith(PLACEHOLDER):
        raise Refusal("is still the placeholder of the example", "put your own value here")
    return value


def _network(value: object) -> object:
    """Says of a range why it is none, before the type's own check says only that it is not."""
    if not isinstance(value, str):
        return value
    try:
        return str(IPv4Network(value))
    except ValueError:
        pass
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise Refusal("is no IPv4 range", "write it as address/prefix, for example 10.1.0.0/16") from None
    raise Refusal("has bits set behind its prefix", f"write {network}")


def _address(value: object) -> object:
    if isinstance(value, str):
        try:
            IPv4Address(value)
        except ValueError:
            remedy = "write four numbers with dots, for example 203.0.113.9"
            raise Refusal("is no IPv4 address", remedy) from None
    return value


def _admin_range(value: IPv4Network) -> IPv4Network:
    if value.prefixlen == 0:
        raise Refusal("admits the whole Internet", "name the addresses you administer from, for example 203.0.113.7/32")
    if any(value.overlaps(block) for block in NOT_GLOBAL):
        raise Refusal(
            "holds private or reserved addresses, which only hosts inside a site have",
            "name the public addresses that you are seen with",
        )
    if value.prefixlen < WIDEST_ADMIN_PREFIX:
        raise Refusal(
            f"is wider than /{WIDEST_ADMIN_PREFIX}",
            f"name a range of at most 256 addresses (/{WIDEST_ADMIN_PREFIX} or longer)",
        )
    return value


def _public_key(value: str) -> str:
    if len(value) > LONGEST_KEY_LINE or not value.isprintable():
        raise Refusal("is not one line of a public key", f"give one .pub line of at most {LONGEST_KEY_LINE} characters")
    kind, _, rest = value.partition(" ")
    if kind not in KEY_TYPES:
        raise Refusal("is no ed25519 public key", f"give one line that begins with {' or '.join(KEY_TYPES)}")
    blob = rest.split(" ", 1)[0]
    try:
        decoded = base64.b64decode(blob, validate=True)
    except binascii.Error:
        decoded = b""
    head = len(kind).to_bytes(4) + kind.encode() + (32).to_bytes(4)
    whole = len(decoded) == len(head) + 32 or kind.startswith("sk-")
    if not decoded.startswith(head) or not whole:
        raise Refusal("is a damaged public key", "copy the whole line of the .pub file again")
    return value


def _sha256(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Refusal("is no SHA-256", "give 64 lower-case hex digits in quotes, as `sha256sum` prints them")
    if set(value) == {"0"}:
        raise Refusal("is all zeros", "give the checksum that the publisher states")
    return value


def _version(value: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+", value):
        raise Refusal("is no version", 'write major.minor.patch in quotes, for example "0.38.25"')
    return value


def pattern(form: str, what: str, remedy: str) -> AfterValidator:
    """Text of one form.

    Args:
        form: What the whole of it matches.
        what: What is wrong where it does not, without a full stop.
        remedy: What to write instead.
    """

    def check(value: str) -> str:
        if not re.fullmatch(form, value):
            raise Refusal(what, remedy)
        return value

    return AfterValidator(check)


Ipv4Range = Annotated[
    IPv4Network, BeforeValidator(_network), WithJsonSchema({"type": "string", "format": "ipv4network"})
]
AdminRange = Annotated[Ipv4Range, AfterValidator(_admin_range)]


def _service_address(value: IPv4Address) -> IPv4Address:
    if any(value in block for block in NOT_GLOBAL):
        raise Refusal("is a private or reserved address", "name a public service by its address")
    return value


Ipv4 = Annotated[IPv4Address, BeforeValidator(_address), WithJsonSchema({"type": "string", "format": "ipv4"})]
ServiceAddress = Annotated[Ipv4, AfterValidator(_service_address)]
PublicKey = Annotated[str, BeforeValidator(not_placeholder), AfterValidator(_public_key)]
Sha256 = Annotated[str, BeforeValidator(not_placeholder), AfterValidator(_sha256)]
Version = Annotated[str, AfterValidator(_version)]
HttpsUrl = Annotated[HttpUrl, UrlConstraints(allowed_schemes=["https"]), BeforeValidator(not_placeholder)]

FleetName = Annotated[
    str,
    pattern(
        rf"(?!sg$)[a-z][a-z0-9]{{1,{LONGEST_FLEET - 1}}}",
        f"is no fleet name of 2 to {LONGEST_FLEET} characters",
        "use lower-case letters and digits, beginning with a letter, and not sg, which AWS keeps for itself",
    ),
]
SiteName = Annotated[
    str,
    pattern(
        r"[a-z][a-z0-9-]{0,18}[a-z0-9]",
        "is no site name of 2 to 20 characters",
        "use lower-case letters, digits and inner hyphens, beginning with a letter",
    ),
]
HostName = Annotated[
    str,
    pattern(
        r"s\d{1,3}-(gateway|sentry|validator|cosigner|monitor)-\d{1,2}",
        "is no host's name",
        "write it as s<site id>-<role>-<ordinal>, for example s1-cosigner-1",
    ),
]
ChainId = Annotated[
    str,
    pattern(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}",
        "is no chain id of 1 to 50 characters",
        "copy it from the chain's genesis file",
    ),
]
"""50 characters: MaxChainIDLen of CometBFT (types/genesis.go)."""
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
