"""Finds what looks like a secret in clear among config values, so that it is refused before it spreads into state.

It knows the shapes of the secrets that operators of a fleet handle. It cannot know every secret: what matches no shape
passes. Nothing here ever repeats a value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from fleet.discovery import PROVIDERS
from fleet.problems import Problem

SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")),
    ("an age identity", re.compile(r"\bAGE-SECRET-KEY-1", re.IGNORECASE)),
    *(shape for facts in PROVIDERS.values() for shape in facts.secrets),
    ("a Pulumi access token", re.compile(r"\bpul-[0-9a-f]{40}\b")),
    ("a consensus key", re.compile(r"tendermint/PrivKey|\bpriv_key\b")),
    ("a WireGuard private key", re.compile(r"PrivateKey\s*=")),
    ("a credential in a URL", re.compile(r"://[^/\s:@]+:[^/\s@]+@")),
    ("a mnemonic", re.compile(r"^\s*(?:[a-z]{3,8}\s+){11,23}[a-z]{3,8}\s*$")),
)
NAMES: Final = re.compile(
    r"(?:^|[._-])(?:password|passphrase|secret|secret_?key|access_?key|private_?key|token|mnemonic|credentials?|seed)$",
    re.IGNORECASE,
)
REMEDY: Final = (
    "take it out of the stack file and out of the repository's history, and replace the secret: it has leaked"
)


def clear_secrets(value: object, field: str) -> Iterator[Problem]:
    """Each place at or below `field` that holds what looks like a secret in clear.

    Args:
        value: A config value as parsed from the stack file.
        field: Its path, for messages.
    """
    if isinstance(value, str):
        for what, shape in SHAPES:
            if shape.search(value):
                yield Problem(field, f"holds what looks like {what} in clear", REMEDY)
                return
        if value and NAMES.search(_camel_to_snake(re.split(r"[.:\[\]]", field.rstrip("]"))[-1])):
            yield Problem(field, "is named like a secret and stands in clear", REMEDY)
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield from clear_secrets(inner, f"{field}.{key}" if field else str(key))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(cast("Sequence[object]", value)):
            yield from clear_secrets(inner, f"{field}[{index}]")


def _camel_to_snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
