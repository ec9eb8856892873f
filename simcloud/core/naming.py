"""Names of resources that the program did not name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

from simcloud.core.check import DEFAULTS
from simcloud.core.model import Autoname, Call, Properties

RANDOM_DIGITS = 7
PREFIXED_DIGITS = 26
"""How many characters Terraform's SDK appends to a namePrefix (id.PrefixedUniqueId)."""


def autonamed(rule: Autoname, logical: str, olds: Mapping[str, Any], news: Properties, seed: bytes) -> str | None:
    """The name the bridge gives, or None when the program gives a name or a prefix; a name once given is kept."""
    if news.get(rule.property) is not None or news.get("namePrefix") is not None:
        return None
    if rule.property in olds.get(DEFAULTS, []):
        return olds[rule.property]
    digits = hashlib.sha256(seed or os.urandom(16)).hexdigest()[:RANDOM_DIGITS]
    stem = logical.lower() if rule.lower_case else logical
    return f"{rule.prefix}{stem[: rule.max_length - RANDOM_DIGITS - 1]}-{digits}"


def name_of(call: Call, inputs: Properties) -> str:
    """The name of a resource to be created: the one given, or the prefix and digits that no other name has."""
    if inputs.get("name"):
        return inputs["name"]
    return f"{inputs.get('namePrefix', 'terraform-')}{call.transaction.count('name'):0{PREFIXED_DIGITS}d}"
