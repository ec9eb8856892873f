"""Policy documents of AWS as rules read them.

Only the elements that are named here are read; any other one (NotAction, NotPrincipal, NotResource, or a name in another
case) makes the document one that cannot be judged, which is a violation.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, cast

from policies.blocks import Block, OddShape

ELEMENTS: Final = frozenset({"Sid", "Effect", "Principal", "Action", "Resource", "Condition"})
"""What a statement may have (IAM user guide, grammar of the JSON policy language)."""
EQUALITIES: Final = frozenset({"StringEquals", "ArnEquals", "ArnLike"})
"""Operators that fail where the key is missing; those that end in IfExists do not."""
_ACCOUNT: Final = re.compile(r"(\d{12})|arn:[a-z-]+:[a-z0-9-]+:[a-z0-9*-]*:(\d{12}):[^:].*")
"""An account by its number, or as the fifth part of an ARN."""


class Statement(NamedTuple):
    """A statement that allows or denies something."""

    body: Mapping[str, Any]

    def texts(self, element: str) -> list[str]:
        """An element that is one text or several."""
        return _texts(self.body.get(element, []), element)

    def principals(self) -> Iterator[tuple[str, str]]:
        """Kind and name of everybody it is for; everybody at once is the name `*`."""
        principal = self.body.get("Principal", {})
        if not isinstance(principal, Mapping):
            principal = {"AWS": principal}
        for kind, names in cast("Mapping[str, Any]", principal).items():
            for name in _texts(names, "Principal"):
                yield kind, name

    def equalities(self) -> Iterator[tuple[str, list[str]]]:
        """Keys of its condition, in lower case, each with the values that it has to have one of."""
        for operator, tests in _object(self.body.get("Condition", {})).items():
            if operator in EQUALITIES:
                for key, values in _object(tests).items():
                    yield key.lower(), _texts(values, "Condition")


def allowed(resource: Block, path: str) -> list[Statement]:
    """The statements of a policy document that allow something. See `_statements` for what it raises."""
    return _statements(resource, path, "Allow")


def denied(resource: Block, path: str) -> list[Statement]:
    """The statements of a policy document that deny something. See `_statements` for what it raises."""
    return _statements(resource, path, "Deny")


def _statements(resource: Block, path: str, effect: str) -> list[Statement]:
    """The statements of one effect.

    Raises:
        OddShape: When it is no policy document that rules can read.
        pulumi_policy.proxy.UnknownValueError: When it is not known yet.
    """
    try:
        document: Any = json.loads(resource.text(path))
    except (ValueError, RecursionError):
        raise OddShape(f"{path} is not set, or no JSON") from None
    statements = cast("Mapping[str, Any]", document).get("Statement") if isinstance(document, Mapping) else None
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list):
        raise OddShape(f"{path} has no list of statements")
    found = [_statement(path, body) for body in cast("list[Any]", statements)]
    return [one for one in found if one.body["Effect"] == effect]


def _statement(path: str, body: object) -> Statement:
    if not isinstance(body, Mapping):
        raise OddShape(f"{path} has a statement that is no object")
    elements = cast("Mapping[str, Any]", body)
    if unread := sorted(elements.keys() - ELEMENTS):
        raise OddShape(f"{path} has {', '.join(unread)} in a statement, which no rule reads")
    if elements.get("Effect") not in ("Allow", "Deny"):
        raise OddShape(f"{path} has a statement that neither allows nor denies")
    return Statement(elements)


def account(name: str) -> str | None:
    """The account that a number or an ARN names; None where it names none, or every one that fits a pattern."""
    found = _ACCOUNT.fullmatch(name)
    return found[found.lastindex or 0] if found else None


def names_account(values: list[str]) -> bool:
    """Whether each value names one account."""
    return bool(values) and all(account(value) for value in values)


def _texts(value: object, element: str) -> list[str]:
    values: object = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in cast("list[object]", values)):
        raise OddShape(f"{element} of a statement holds what is no text")
    return cast("list[str]", values)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise OddShape("Condition of a statement is no object of objects")
    return cast("Mapping[str, Any]", value)
