"""Rendered resources as the readers take them: by type, by reference, and with no input left unread.

What a reader does not know it refuses. A proof that silently passes over an input or a type would prove nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from fleet.proofs.model import EVERY_PORT, Protocol, Span

ALL_PROTOCOLS: frozenset[Protocol] = frozenset({"tcp", "udp", "icmp", "other"})


class ReadingError(Exception):
    """Something rendered that the proofs do not model: nothing can be proved then."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as it is sent to its provider, with what the provider answered.

    Attributes:
        outputs: Every output, `id` among them.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The last part of its type, for example `SecurityGroup`."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """What the proofs take from the plan: which hosts there are, what they are for, and where metal stands.

    Attributes:
        failure_domain: The provider, or for metal the location.
        metal_address: Public address of a metal host; None in a cloud.
    """

    name: str
    role: str
    site: str
    provider: str
    failure_domain: str
    mesh_address: str
    metal_address: str | None


@dataclass
class Inputs:
    """The inputs of a resource or of a block in it; remembers which were read."""

    values: Mapping[str, Any]
    where: str
    read: set[str] = field(default_factory=set[str])

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an input; the default where it is not set."""
        self.read.add(name)
        value = self.values.get(name)
        return default if value is None else value

    def blocks(self, name: str) -> list["Inputs"]:
        """The blocks of an input that holds a list of them, or one."""
        found = self.get(name, [])
        blocks = cast("list[Mapping[str, Any]]", found if isinstance(found, list) else [found])
        return [Inputs(one, f"{self.where}.{name}") for one in blocks]

    def refuse(self, name: str, *harmless: object) -> None:
        """Refuses an input that is set to anything but a harmless value."""
        value = self.get(name)
        if value is not None and value not in harmless:
            raise ReadingError(f"{self.where}: {name} is not modelled by the proofs: leave it out")

    def finish(self, harmless: Collection[str]) -> None:
        """Refuses inputs that were neither read nor are known to move no packet."""
        unread = self.values.keys() - self.read - set(harmless)
        if unread:
            raise ReadingError(f"{self.where}: {', '.join(sorted(unread))} not modelled by the proofs: leave them out")


class Resources:
    """All rendered resources of one provider."""

    def __init__(self, provider: str, resources: Iterable[Resource], read: Collection[str], harmless: Collection[str]):
        """Takes the resources of a provider.

        Args:
            read: Kinds that the reader reads.
            harmless: Kinds that move no packet.

        Raises:
            ReadingError: When there is a kind that is in neither.
        """
        self.all = [one for one in resources if one.type.startswith(f"{provider}:")]
        for one in self.all:
            if one.type not in read and one.type not in harmless:
                raise ReadingError(f"{one.urn}: resources of type {one.type} are not modelled by the proofs")

    def of(self, token: str) -> list[Resource]:
        """The resources of a type."""
        return [one for one in self.all if one.type == token]

    def find(self, token: str, reference: Any) -> Resource:
        """The resource that an id, a name or a self link of it names."""
        for one in self.of(token):
            names = {one.outputs.get(key) for key in ("id", "selfLink", "name", "email")} - {None, ""}
            if reference in names:
                return one
        raise ReadingError(f"{reference!r} names no {token} of this fleet: it is not modelled by the proofs")


def refuse_strangers(machines: Iterable[Resource], hosts: Collection[str]) -> None:
    """Refuses machines that are no host of the plan, and twins: read by their names, one would hide the other.

    Raises:
        ReadingError: With the first one.
    """
    seen: set[str] = set()
    for one in machines:
        if one.name not in hosts:
            raise ReadingError(f"{one.urn}: is no host of the plan")
        if one.name in seen:
            raise ReadingError(f"{one.urn}: another machine is called {one.name} too")
        seen.add(one.name)


def port_span(first: int, last: int) -> Span:
    """A range of ports as a span; -1 stands for all."""
    return EVERY_PORT if first == -1 or last == -1 else (first, last)


def port_text(text: str) -> Span:
    """A port or range as text, for example `22` or `51840-51903`; `all` and `0` stand for all.

    Raises:
        ReadingError: When it is none of these.
    """
    if text in ("all", "0", ""):
        return EVERY_PORT
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise ReadingError(f"{text!r} is no range of ports")
    return int(first), int(last or first)
