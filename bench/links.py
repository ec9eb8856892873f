"""Where a recorded input came from: the output of another resource or function that its value equals or contains.

A program that was handed `vpc.id` depends on the VPC and does not know the id in a preview; one that was handed the same
text does neither. So the floor must pass real outputs, and finds them by value among the resources that the recording
says the input depends on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PREFERRED = ("id", "arn")
"""Outputs that are looked at first when several of one resource have the value."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One output.

    Attributes:
        owner: URN of its resource; empty for a function's.
        expression: What the floor writes to read it.
        value: Its value in the recorded run.
        inside: Whether it may be part of a longer text, for example an address before `/32`.
    """

    owner: str
    expression: str
    value: str
    inside: bool


def sources_of(
    owner: str, variable: str, outputs: Mapping[str, Any], attributes: Mapping[str, str], given: Mapping[str, Any]
) -> list[Source]:
    """The outputs of one resource that have a text as value.

    Args:
        owner: Its URN.
        variable: What the floor calls it.
        outputs: Its outputs by the engine's names.
        attributes: Its Python attributes by the engine's names.
        given: Its inputs. An output that repeats one counts only where a whole value equals it: a tag or a size would
            be found inside many texts.
    """
    found = [
        Source(owner=owner, expression=f"{variable}.{attributes[name]}", value=value, inside=name not in given)
        for name, value in outputs.items()
        if isinstance(value, str) and value and name in attributes
    ]
    # Where the id repeats an input, a DigitalOcean tag's name for one, a program passes the input, which a preview knows.
    named = [name for name in attributes if name in given and given[name] == outputs.get("id")]
    order = [f"{variable}.{attributes[name]}" for name in (*named, *PREFERRED) if name in attributes]
    return sorted(
        found, key=lambda source: order.index(source.expression) if source.expression in order else len(order)
    )


def text_expression(text: str, sources: Sequence[Source]) -> tuple[str, set[str]]:
    """What the floor writes for a text, and the URNs of the resources that it reads there."""
    for source in sources:
        if source.value == text:
            return source.expression, {source.owner}
    pieces: list[str | Source] = [text]
    for source in sorted(sources, key=lambda source: -len(source.value)):
        if source.inside:
            pieces = [part for piece in pieces for part in _cut(piece, source)]
    if len(pieces) == 1:
        return repr(text), set()
    parts = [repr(piece) if isinstance(piece, str) else piece.expression for piece in pieces]
    owners = {piece.owner for piece in pieces if isinstance(piece, Source)}
    return f"pulumi.Output.concat({', '.join(parts)})", owners


def _cut(piece: str | Source, source: Source) -> list[str | Source]:
    """A text with every occurrence of the source's value replaced by the source."""
    if isinstance(piece, Source):
        return [piece]
    found: list[str | Source] = []
    for index, part in enumerate(piece.split(source.value)):
        found += [source] if index else []
        found += [part] if part else []
    return found
