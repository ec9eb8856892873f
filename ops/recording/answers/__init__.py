"""What recorded programs are answered: a module for each provider, found by its name, with a class `Answers`.

Only outputs that some program reads or that other resources refer to are made up. One `Answers` serves one run.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from pulumi.runtime import mocks

Properties = dict[str, Any]


class PublicAddresses:
    """Gives out the public addresses of one run, whichever provider asks: no two are the same.

    They lie in 198.18.0.0/15 (RFC 2544), outside every range that the committed stacks name.
    """

    def __init__(self) -> None:
        self._given = self._counted()

    def next(self) -> str:
        """One that nobody has."""
        return next(self._given)

    @staticmethod
    def _counted() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"198.18.{4 + number // 125}.{number % 125 * 2 + 1}"


class ProviderAnswers(Protocol):
    """What a provider's `Answers` offers. It is made with the `PublicAddresses` of the run."""

    calls: Mapping[str, Properties]
    """The answers of the provider's functions, by their tokens; what was asked stands in each answer already."""

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """Outputs of a new resource beside its inputs; `id` where it is not `<name>-id`."""
        ...
