"""Meanings for whatever has none of its own: never silence, and never a promise that it is harmless."""

from collections.abc import Mapping
from typing import Final

from ops.drift.meanings.forms import UP, TypeMeanings, always, hold, investigate

TRACES: Final = investigate("the audit log of the provider")

ANY: Final = TypeMeanings(
    gone=always(
        "uptime",
        "gone: {name}, a {type}; nobody has written down here what hangs on it",
        hold("run no `pulumi up --refresh` before you know what hangs on it: it makes the resource anew"),
        TRACES,
        UP,
    ),
    otherwise=always("exposure", "{name}, a {type}, is not as the state says", TRACES, UP),
)

TYPES: Final[Mapping[str, TypeMeanings]] = {}
