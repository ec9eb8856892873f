"""Finds what looks like a secret in clear in a text of any size. Never says the value.

The shapes of `fleet.secrets` are for single config values; here they are looked for inside scripts and documents. Each
is bounded in what it repeats, so that a text of a megabyte costs milliseconds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from fleet.secrets import SHAPES
from policies.blocks import patiently

ASSIGNED: Final = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|(?:private|secret|access)[_-]?key|mnemonic)"
    r"\\{0,2}[\"']?\s{0,4}[=:]\s{0,4}\\{0,2}[\"']?[^\s\"'$<,;{}\[\]()/\\][^\s\"']{5}"
)
"""A name like a secret's with a value of six characters beside it. One that begins with `$`, `<` or `/` is read elsewhere."""
WORDS: Final = re.compile(r"(?<![a-z ]) {0,4}(?:[a-z]{3,8} ){11,23}[a-z]{3,8} {0,4}(?![a-z ])")
"""A mnemonic: 12 to 24 short words and nothing else between two signs that are no words."""
HASH: Final = re.compile(r"\$(?:[156y]|2[aby])\$[./A-Za-z0-9$=]{20}")
"""A password as crypt(5) writes it."""
MORE: Final = (
    ("a password hash", HASH),
    ("a mnemonic", WORDS),
    ("a password, passphrase or token", ASSIGNED),
)
NAMED: Final = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|token|mnemonic|(?:secret|private|access|api)_?key)$", re.IGNORECASE
)
"""A variable that is named like a secret."""


def secrets_in(text: str) -> Iterator[str]:
    """What the text seems to hold, in words."""
    for what, shape in (*SHAPES, *MORE):
        if shape.search(text):
            yield what


def secrets_at(value: Any, path: str) -> Iterator[str]:
    """Where a value of any shape seems to hold what; unknown parts last."""
    if isinstance(value, str):
        for what in secrets_in(value):
            yield f"{path} seems to hold {what} in clear"
    elif isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)

        def entry(key: str) -> Iterator[str]:
            if NAMED.search(key) and mapping[key]:
                yield f"{path}.{key} is named like a secret and stands in clear"
            yield from secrets_at(mapping[key], f"{path}.{key}")

        yield from patiently(list(mapping), entry)
    elif isinstance(value, Sequence):
        items = cast("Sequence[Any]", value)
        yield from patiently(range(len(items)), lambda at: secrets_at(items[at], f"{path}[{at}]"))
