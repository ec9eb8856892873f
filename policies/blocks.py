"""Properties as rules read them: by path, never by trust in their shape.

An unknown value defers the rule that needs it, and the engine says so: no rule catches `UnknownValueError`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from pulumi_policy.proxy import UnknownValueError

Item = TypeVar("Item")


class CannotJudge(Exception):
    """Something a rule needs is not there as it should be. The text says what; the pack makes a violation of it."""


class OddShape(CannotJudge):
    """A property whose shape its type does not have. The text names the path, never the value."""


class Block:
    """An object among the properties of a resource.

    Every reader returns None, or nothing, for what is not set, and raises OddShape for what has another shape.
    """

    def __init__(self, values: Mapping[str, Any], where: str = "") -> None:
        self.values = values
        self._where = where

    def get(self, path: str) -> Any:
        """The value at a path such as `metadataOptions.httpTokens`, whatever its shape.

        Raises:
            pulumi_policy.proxy.UnknownValueError: When it, or what it is in, is not known yet.
        """
        value: Any = self.values
        walked: list[str] = []
        for step in path.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                raise self._odd(".".join(walked), value, "an object")
            value = cast("Mapping[str, Any]", value).get(step)
            walked.append(step)
        return value

    def text(self, path: str) -> str:
        """Text; empty where it is not set."""
        value = self.get(path)
        if value is not None and not isinstance(value, str):
            raise self._odd(path, value, "text")
        return value or ""

    def flag(self, path: str) -> bool | None:
        """True, false, or None where it is not set."""
        value = self.get(path)
        if value is not None and not isinstance(value, bool):
            raise self._odd(path, value, "true or false")
        return value

    def number(self, path: str) -> float | None:
        """A number, or None where it is not set."""
        value = self.get(path)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self._odd(path, value, "a number")
        return value

    def block(self, path: str) -> "Block":
        """An object; empty where it is not set."""
        value = self.get(path)
        if value is not None and not isinstance(value, Mapping):
            raise self._odd(path, value, "an object")
        return Block(cast("Mapping[str, Any]", value or {}), self._at(path))

    def texts(self, path: str) -> list[str]:
        """A list of texts; empty where it is not set. For one that may hold unknown entries, see `each_text`."""
        found: list[str] = []
        list(self.each_text(path, lambda one: iter((found.append(one) or "",))))
        return found

    def each_text(self, path: str, look: Callable[[str], Iterator[str]]) -> Iterator[str]:
        """What `look` finds in each text of a list, the unknown ones last. A single text counts as a list of one."""

        def entry(value: Any) -> Iterator[str]:
            if not isinstance(value, str):
                raise self._odd(path, value, "a list of texts")
            yield from look(value)

        value = self.get(path)
        if isinstance(value, str):
            yield from look(value) if value else ()
        else:
            yield from patiently(self._entries(path, "a list of texts"), entry)

    def each_block(self, path: str, look: Callable[["Block"], Iterator[str]]) -> Iterator[str]:
        """What `look` finds in each object of a list, the unknown ones last. A single object counts as a list of one."""

        def entry(value: Any) -> Iterator[str]:
            if not isinstance(value, Mapping):
                raise self._odd(path, value, "a list of objects")
            yield from look(Block(cast("Mapping[str, Any]", value), self._at(path)))

        value = self.get(path)
        if isinstance(value, Mapping):
            yield from entry(value)
        else:
            yield from patiently(self._entries(path, "a list of objects"), entry)

    def size(self, path: str) -> int:
        """How many entries a list has, known or not; none where it is not set."""
        return len(self._entries(path, "a list"))

    def keys(self, path: str) -> list[str]:
        """The keys of an object, also of those whose values are unknown."""
        return list(self.block(path).values)

    def _entries(self, path: str, wanted: str) -> Sequence[Any]:
        value = self.get(path)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self._odd(path, value, wanted)
        return cast("Sequence[Any]", value)

    def _at(self, path: str) -> str:
        return f"{self._where}.{path}" if self._where else path

    def _odd(self, path: str, value: object, wanted: str) -> OddShape:
        return OddShape(f"{self._at(path)} is {_kind(value)} where {wanted} is expected")


def patiently(items: Sequence[Item], look: Callable[[Item], Iterator[str]]) -> Iterator[str]:
    """What is found in all items; one that is unknown defers only when every other one has been looked at."""
    unknown: UnknownValueError | None = None
    for index in range(len(items)):
        try:
            yield from look(items[index])
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, Sequence) else f"a {type(value).__name__}"
