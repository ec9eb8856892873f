"""What recorded programs are answered: a module for each provider, found by its name, with a class `Answers`.

Only outputs that some program reads or that other resources refer to are made up. One `Answers` serves one run.
"""

from collections.abc import Mapping
from hashlib import sha256
from ipaddress import IPv4Address
from typing import Any, Final, Protocol

from pulumi.runtime import mocks

Properties = dict[str, Any]
FIRST: Final = IPv4Address("198.18.4.2")
PLACES: Final = 30_000


class PublicAddresses:
    """Public addresses on a made-up Internet, each by the name of its owner: the same in every run of a program, whatever
    the order in which it registers. No two are neighbours, so that a set of them never reads as a range."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def of(self, owner: str) -> str:
        """The address of an owner, in 198.18.0.0/16 (RFC 2544) and outside every range that the committed stacks name."""
        return str(FIRST + 2 * spread(owner, PLACES, self._taken))


def spread(owner: str, places: int, taken: set[int]) -> int:
    """A place of its own for an owner, by its name; the next free one in the rare case that another has it."""
    place = int.from_bytes(sha256(owner.encode()).digest()[:8], "big") % places
    while place in taken:
        place = (place + 1) % places
    taken.add(place)
    return place


class ProviderAnswers(Protocol):
    """What a provider's `Answers` offers. It is made with the `PublicAddresses` of the run."""

    calls: Mapping[str, Properties]
    """The answers of the provider's functions, by their tokens; what was asked stands in each answer already."""

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """Outputs of a new resource beside its inputs; `id` where it is not `<name>-id`."""
        ...
