"""The deferrals that are expected in the first preview of a stack, with their reasons (policies/deferrals.yaml)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.errors import OperationError
from ops.policies.events import PolicyEvent
from toolchain.layout import REPOSITORY

FILE: Final = REPOSITORY.root / "policies" / "deferrals.yaml"


class Deferral(BaseModel):
    """One kind of deferral.

    Attributes:
        rule: The rule's id.
        type: The resource type; the stack's own for a rule on the whole stack.
        paths: The properties that may be the first unknown one it meets, with `N` for places in lists.
        reason: Why it cannot be known, and what holds meanwhile.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    type: str
    paths: tuple[str, ...]
    reason: str = Field(min_length=10)


def expected(path: Path = FILE) -> tuple[Deferral, ...]:
    """The listed deferrals.

    Raises:
        OperationError: When the file is not what it should be.
    """
    try:
        return tuple(Deferral.model_validate(one) for one in yaml.safe_load(path.read_text())["deferrals"])
    except (ValidationError, yaml.YAMLError, TypeError, KeyError) as error:
        raise OperationError(f"{path.name}: {error}\n  remedy: list rule, type, paths and reason of each") from None


def unlisted(found: Iterable[PolicyEvent], listed: Iterable[Deferral]) -> list[PolicyEvent]:
    """The deferrals that no entry lists."""
    known = {(one.rule, one.type, path) for one in listed for path in one.paths}
    return [one for one in found if one.result == "deferred" and (one.rule, one.type, one.path) not in known]


def gone(found: Iterable[PolicyEvent], listed: Iterable[Deferral]) -> list[Deferral]:
    """The entries that nothing is deferred by any more."""
    seen = {(one.rule, one.type) for one in found if one.result == "deferred"}
    return [one for one in listed if (one.rule, one.type) not in seen]
