"""What the DigitalOcean models share: values that must not be empty, names that the API refuses, lower case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.model import Autoname, Model, Properties
from simcloud.digitalocean.account import unprocessable

AUTONAME = Autoname(max_length=255)
"""Every type with a name gets one from the bridge (pulumi-digitalocean, provider/resources.go)."""

NETWORK_NAME = re.compile(r"[a-zA-Z0-9.-]+")
HOST_NAME = re.compile(r"[a-zA-Z0-9.-]+")
FIREWALL_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]*")


class DigitalOceanModel(Model):
    """A type of the DigitalOcean provider."""

    not_empty: ClassVar[frozenset[str]] = frozenset()
    """Properties for which the provider refuses zero values (validation.NoZeroValues)."""

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check; subclasses add theirs with `yield from super().check(...)`."""
        for name in sorted(self.not_empty & inputs.keys()):
            if inputs[name] in ("", 0):
                yield Failure(name, "must not be empty: give it a value, or leave it out where that is possible")


def refuse_name(name: str, pattern: re.Pattern[str], what: str, allowed: str) -> None:
    """Raise unless the API takes the name."""
    if not pattern.fullmatch(name):
        raise unprocessable(f"{what} name {name!r} is invalid", f"use {allowed} only")


def lower(value: Any) -> Any:
    """Text in lower case; what is unknown, or no text, as it is."""
    return value.lower() if isinstance(value, str) else value


def same_but_for_case(old: Any, new: Any) -> bool:
    """Whether two texts, or two sets of texts, differ in upper and lower case at most."""
    if isinstance(old, list) and isinstance(new, list):
        return {lower(item) for item in old} == {lower(item) for item in new}
    return lower(old) == lower(new)
